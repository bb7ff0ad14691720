import { inLine } from "../../trust/quote";

/**
 * Makes untrusted text safe for a line on a terminal: escapes everything outside printable ASCII and cuts it off after
 * `limit` characters.
 */
export function printable(text: string, limit = 200): string {
  return inLine(text, limit);
}

/** A value as one line of ASCII JSON: characters that a terminal might interpret are escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
