import { quote } from "../../trust/quote";

/**
 * Text that others chose, for a line on a terminal: everything outside printable ASCII is escaped, and beyond `limit`
 * characters it is cut off.
 */
export function printable(text: string, limit = 200): string {
  return quote(text, limit).slice(1, -1);
}

/** A value as one line of JSON in ASCII alone: characters that a terminal might obey are escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The last part of an ARN such as that of a task, a cluster or a task definition. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
