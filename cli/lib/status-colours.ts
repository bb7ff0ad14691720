import type { Status } from "../../verifier/src/verification/verdict";
import { colorsFor } from "./colors";

const colors = colorsFor(process.stdout);

const COLOURS: Readonly<Record<Status, (text: string) => string>> = {
  trusted: colors.green,
  exempt: colors.cyan,
  denied: colors.red,
  inconclusive: colors.yellow,
};

/** A text in the colour of a status, for standard output. */
export function inStatusColour(status: Status, text: string): string {
  return COLOURS[status](text);
}
