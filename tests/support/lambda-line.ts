/** What Lambda writes for a text that a function logs by `console`, where the log's format is text. */
export function loggedInLambda(text: string): string {
  return `2026-06-15T12:00:00.000Z\t6d3b8fc2-5a1f-4b0e-9a53-6a1cf9a0c001\tINFO\t${text}\n`;
}
