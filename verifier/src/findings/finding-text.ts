import { toWellFormed } from "../reporting/well-formed";

const ENDS = "...";

/**
 * Text for a field of a finding: one line, without control characters and those that change the writing direction, and of
 * at most so many bytes in UTF-8, so of at most so many characters as well, whichever of both AWS counts. Others choose
 * names and explanations. Undefined if nothing is left: Security Hub takes no empty text.
 */
export function findingText(text: string, limit: number): string | undefined {
  const clean = toWellFormed(text)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Z}]+/gu, " ")
    .trim();
  if (clean === "") return undefined;
  if (Buffer.byteLength(clean) <= limit) return clean;
  return `${cutToBytes(clean, limit - ENDS.length).trimEnd()}${ENDS}`;
}

/** The longest beginning of whole characters. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}
