import { imageName, sceneTable, type TableOptions, toHex } from "../table";
import { type DeploymentRow, isDeploymentAsExpected } from "./play";

const HEAD = ["  Stage", "Mode", "Container", "Image", "Digest", "Status", "Code", "Answer", "Recorded as", "Notified"];
/** At most 160 in total, with two spaces between columns. */
const WIDEST = [15, 7, 8, 19, 12, 19, 18, 17, 15, 8];

/** One table of all rows, with a line above those of each scene. At most 160 columns wide. */
export function deploymentTable(rows: readonly DeploymentRow[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.verdict.status,
    isAsExpected: isDeploymentAsExpected(row),
  }));
  return sceneTable({ head: HEAD, widest: WIDEST, rows: cells }, options);
}

function toCells(
  { take, container, verdict, answer, response, message }: DeploymentRow,
  { registry }: TableOptions,
): string[] {
  const again = answer.callBackDelay === undefined ? "" : `, ${answer.callBackDelay} s`;
  return [
    `  ${take.stage}`,
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
