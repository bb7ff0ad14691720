import { stripVTControlCharacters } from "node:util";
import { labelledLines } from "../lib/labelled-lines";
import { outputWidth } from "../lib/table";

/**
 * What is said of an image: a head line with its reference, then rows. On a terminal that is too narrow for that line, the
 * reference has a row of its own, since it would be broken anywhere.
 *
 * @param head Makes the head line, with or without the reference. It may have colours.
 */
export function imageLines(
  head: (reference: string | undefined) => string,
  reference: string,
  rows: readonly (readonly [label: string, text: string])[],
): readonly string[] {
  const whole = head(reference);
  const width = outputWidth() ?? Number.POSITIVE_INFINITY;
  if (stripVTControlCharacters(whole).length <= width) return [whole, ...labelledLines(rows)];
  return [head(undefined), ...labelledLines([["image", reference], ...rows])];
}
