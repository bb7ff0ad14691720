import { printable } from "./printable";

/** A time as all tables and lines show it: ISO 8601 in UTC, to the second. What is no such time is shown as it is. */
export function timeText(time: string | Date): string {
  const text = typeof time === "string" ? time : time.toISOString();
  return printable(text.replace(/\.\d+Z$/, "Z"), 30);
}
