import { imageName, sceneTable, type TableOptions, toHex } from "../table";
import { isSweptAsExpected, type SweptRow } from "./play";

const HEAD = ["  Container", "Image", "Digest", "Running", "Status", "Code", "Before", "Notified"];
/** At most 160 in total, with two spaces between columns. */
const WIDEST = [28, 30, 12, 7, 12, 20, 20, 8];

/** One table of all images, with a line above those of each sweep. At most 160 columns wide. */
export function sweepTable(rows: readonly SweptRow[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.image.status,
    isAsExpected: isSweptAsExpected(row),
  }));
  return sceneTable({ head: HEAD, widest: WIDEST, rows: cells }, options);
}

function toCells({ image, message }: SweptRow, { registry }: TableOptions): string[] {
  const { places, reference, digest, containers, status, code, before } = image;
  return [
    `  ${places[0]?.container ?? "-"}`,
    reference === "" ? "-" : imageName(reference, registry),
    digest === undefined ? "-" : toHex(digest).slice(0, 12),
    String(containers),
    status,
    code,
    before?.code ?? "-",
    message === undefined ? "-" : "yes",
  ];
}
