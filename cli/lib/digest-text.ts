import { printable } from "./printable";

/** The beginning of a digest in a cell. */
export function digestText(digest: string | undefined): string {
  return digest === undefined ? "-" : printable(digest.replace(/^sha256:/, ""), 12).replace(/\.\.\.$/, "");
}
