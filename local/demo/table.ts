import { createColors } from "picocolors";
import { type Column, layOutTable, leftOutText, wrapText } from "../../cli/lib/table";
import type { Status, Verdict } from "../../verifier/src/verification/verdict";
import type { TakeResponse } from "./effects";
import { isAsExpected, type Row } from "./play";

/** The width of a table that is not on a terminal, and of the widest. */
export const WIDEST_TABLE = 160;

/** A column, with its maximum width. A longer cell is shortened. */
export interface DemoColumn extends Pick<Column, "name" | "align" | "leaveOut"> {
  readonly widest: number;
}

/** At most 160 in total, with two spaces between columns and before the first. */
const COLUMNS: readonly DemoColumn[] = [
  { name: "Task", widest: 20, leaveOut: 1 },
  { name: "Container", widest: 12 },
  { name: "Image", widest: 19, leaveOut: 2 },
  { name: "Digest", widest: 12, leaveOut: 5 },
  { name: "Status", widest: 14 },
  { name: "Code", widest: 20 },
  { name: "Signer", widest: 10, leaveOut: 4 },
  { name: "Enforcement", widest: 20 },
  { name: "Notified", widest: 8, leaveOut: 3 },
  { name: "ms", widest: 5, leaveOut: 6, align: "right" },
];

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
  /** Of the terminal. */
  readonly width: number;
}

/** The rows of one scene below a line with its title. */
export interface SceneCells {
  readonly scene: string;
  readonly cells: readonly string[];
  /** Its status is painted in its color. */
  readonly status: Status;
  readonly isAsExpected: boolean;
}

/** One table of all rows, with a line above those of each scene. */
export function verdictTable(rows: readonly Row[], options: TableOptions): string {
  const cells = rows.map((row) => ({
    scene: row.scene,
    cells: toCells(row, options),
    status: row.verdict.status,
    isAsExpected: isAsExpected(row),
  }));
  return sceneTable(COLUMNS, cells, options);
}

/**
 * A table of rows with a line above those of each scene. Where the terminal is too narrow, columns are left out, and a line
 * says which.
 */
export function sceneTable(
  columns: readonly DemoColumn[],
  rows: readonly SceneCells[],
  { color, width }: Pick<TableOptions, "color" | "width">,
): string {
  const { bold, red } = createColors(color);
  const shown = rows.map((row) => {
    const cells = row.cells.map((cell, at) => shorten(cell, columns[at]?.widest ?? 0));
    const painted = cells.map((cell, at) => (columns[at]?.name === "Status" ? paint(row.status, cell, color) : cell));
    return { ...row, cells: row.isAsExpected ? painted : cells };
  });
  const table = layOutTable(
    columns,
    shown.map(({ cells }) => cells),
    width - INDENT.length,
  );
  const lines = [INDENT + table.head];
  let scene: string | undefined;
  for (const row of shown) {
    if (row.scene !== scene) lines.push(...wrapText(row.scene, width).map((line) => bold(line)));
    scene = row.scene;
    const line = INDENT + table.line(row.cells);
    lines.push(row.isAsExpected ? line : red(line));
  }
  return [...lines, ...(table.leftOut.length === 0 ? [] : [leftOutText(table.leftOut)])].join("\n");
}

const INDENT = "  ";

function toCells({ launch, container, image, verdict, response, message }: Row, { registry }: TableOptions): string[] {
  return [
    `${taskId(launch.taskArn).slice(0, 7)} ${launch.lastStatus}`,
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
