import { type DemoColumn, imageName, sceneTable, type TableOptions, toHex } from "../table";
import { type DeploymentRow, isDeploymentAsExpected } from "./play";

/** At most 160 in total, with two spaces between columns and before the first. */
const COLUMNS: readonly DemoColumn[] = [
  { name: "Stage", widest: 13 },
  { name: "Mode", widest: 7, leaveOut: 2 },
  { name: "Container", widest: 9, leaveOut: 4 },
  { name: "Image", widest: 19, leaveOut: 1 },
  { name: "Digest", widest: 12, leaveOut: 6 },
  { name: "Status", widest: 19 },
  { name: "Code", widest: 18 },
  { name: "Answer", widest: 17 },
  { name: "Recorded as", widest: 15, leaveOut: 3 },
  { name: "Notified", widest: 8, leaveOut: 5 },
];

/** One table of all rows, with a line above those of each scene. */
export function deploymentTable(rows: readonly DeploymentRow[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.verdict.status,
    isAsExpected: isDeploymentAsExpected(row),
  }));
  return sceneTable(COLUMNS, cells, options);
}

function toCells(
  { take, container, verdict, answer, response, message }: DeploymentRow,
  { registry }: TableOptions,
): string[] {
  const again = answer.callBackDelay === undefined ? "" : `, ${answer.callBackDelay} s`;
  return [
    take.stage,
    take.mode,
    container,
    imageName(verdict.reference, registry),
    verdict.digest === undefined ? "-" : toHex(verdict.digest).slice(0, 12),
    verdict.provisional ? `${verdict.status} by tag` : verdict.status,
    verdict.code,
    `${answer.hookStatus}${again}`,
    response,
    message === undefined ? "-" : "yes",
  ];
}
