import type { Cell } from "cli-table3";
import { createColors } from "picocolors";
import { plainTable } from "../../trust/text/plain-table";
import type { Status, Verdict } from "../../verifier/src/verification/verdict";
import type { TakeResponse } from "./effects";
import { isAsExpected, type Row } from "./play";

const HEAD = ["  Task", "Container", "Image", "Digest", "Status", "Code", "Signer", "Enforcement", "Notified", "ms"];
/** At most 160 in total, with two spaces between columns. */
const WIDEST = [22, 12, 19, 12, 14, 20, 10, 20, 8, 5];

const ENFORCEMENT: Readonly<Record<TakeResponse, string>> = {
  none: "none",
  retry: "retry",
  stopped: "stopped",
  "rolled-back-and-stopped": "rolled back, stopped",
};

export interface TableOptions {
  /** The registry whose name is omitted, because all images are in it. */
  readonly registry: string;
  readonly color: boolean;
}

/** The rows of one scene below a line with its title. */
export interface SceneCells {
  readonly scene: string;
  readonly cells: readonly string[];
  /** Its status is painted in its color. */
  readonly status: Status;
  readonly isAsExpected: boolean;
}

/** One table of all rows, with a line above those of each scene. At most 160 columns wide. */
export function verdictTable(rows: readonly Row[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.verdict.status,
    isAsExpected: isAsExpected(row),
  }));
  return sceneTable({ head: HEAD, widest: WIDEST, rows: cells }, options);
}

/** A table of rows with a line above those of each scene; `widest` has the maximum width of each column. */
export function sceneTable(
  {
    head,
    widest,
    rows,
  }: { readonly head: readonly string[]; readonly widest: readonly number[]; readonly rows: readonly SceneCells[] },
  { color }: Pick<TableOptions, "color">,
): string {
  const { bold, dim, red } = createColors(color);
  const lines: Cell[][] = [];
  let scene: string | undefined;
  for (const row of rows) {
    if (row.scene !== scene) lines.push([{ content: bold(row.scene), colSpan: head.length }]);
    scene = row.scene;
    const cells = row.cells.map((cell, column) => shorten(cell, widest[column] ?? 0));
    const painted = cells.map((cell, column) => (head[column] === "Status" ? paint(row.status, cell, color) : cell));
    lines.push(row.isAsExpected ? painted : painted.map((cell) => red(cell)));
  }
  return plainTable(
    head.map((title) => dim(title)),
    lines,
    { align: head.map((title) => (title === "ms" ? "right" : "left")) },
  );
}

function toCells({ launch, container, image, verdict, response, message }: Row, { registry }: TableOptions): string[] {
  return [
    `  ${taskId(launch.taskArn).slice(0, 7)} ${launch.lastStatus}`,
    container,
    image === undefined ? "-" : imageName(image, registry),
    verdict.digest === undefined ? "-" : toHex(verdict.digest).slice(0, 12),
    verdict.provisional ? `${verdict.status} by tag` : verdict.status,
    verdict.code,
    findSigner(verdict),
    ENFORCEMENT[response],
    message === undefined ? "-" : "yes",
    String(verdict.milliseconds),
  ];
}

function taskId(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf("/") + 1);
}

export function toHex(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** The digest has its own column. */
export function imageName(image: string, registry: string): string {
  const name = image.replace(/@.*/, "@…");
  return name.startsWith(`${registry}/`) ? name.slice(registry.length + 1) : name;
}

/** The name of the profile. */
function findSigner({ signature }: Verdict): string {
  return /\/signing-profiles\/([^/]+)/.exec(signature?.profileVersion ?? "")?.[1] ?? "-";
}

/** Cuts out the middle, because the ends distinguish images. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

function paint(status: Status, text: string, color: boolean): string {
  const { green, red, yellow, cyan } = createColors(color);
  const paints: Readonly<Record<Status, (text: string) => string>> = {
    trusted: green,
    denied: red,
    inconclusive: yellow,
    exempt: cyan,
  };
  return paints[status](text);
}
