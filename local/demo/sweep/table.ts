import { type DemoColumn, imageName, sceneTable, type TableOptions, toHex } from "../table";
import { isSweptAsExpected, type SweptRow } from "./play";

/** At most 160 in total, with two spaces between columns and before the first. */
const COLUMNS: readonly DemoColumn[] = [
  { name: "Container", widest: 26, leaveOut: 2 },
  { name: "Image", widest: 30 },
  { name: "Digest", widest: 12, leaveOut: 5 },
  { name: "Running", widest: 7, leaveOut: 3 },
  { name: "Status", widest: 12 },
  { name: "Code", widest: 20 },
  { name: "Before", widest: 20, leaveOut: 1 },
  { name: "Notified", widest: 8, leaveOut: 4 },
];

/** One table of all images, with a line above those of each sweep. */
export function sweepTable(rows: readonly SweptRow[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.image.status,
    isAsExpected: isSweptAsExpected(row),
  }));
  return sceneTable(COLUMNS, cells, options);
}

function toCells({ image, message }: SweptRow, { registry }: TableOptions): string[] {
  const { places, reference, digest, containers, status, code, before } = image;
  return [
    places[0]?.container ?? "-",
    reference === "" ? "-" : imageName(reference, registry),
    digest === undefined ? "-" : toHex(digest).slice(0, 12),
    String(containers),
    status,
    code,
    before?.code ?? "-",
    message === undefined ? "-" : "yes",
  ];
}
