/** Characters with which a text could end a line, or speak to a terminal. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Whether a text has a line break or another control character: in a log it could look like lines of its own. */
export function hasControlCharacters(text: string): boolean {
  return CONTROL.test(text);
}
