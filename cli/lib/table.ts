import { stripVTControlCharacters } from "node:util";
import { colorsFor } from "./colors";
import { fill } from "./fill";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Default: left. */
  readonly align?: "right";
  /** At least this wide, so that later lines stay aligned. */
  readonly least?: number;
  /** May be broken into lines of this width or more, where the terminal is narrow. Default: never. */
  readonly wrapTo?: number;
  /** Whether it is broken at spaces only: a digest or an ARN stays whole, so that it can be copied. Default: no. */
  readonly wholeWords?: true;
  /** May be left out where the terminal is still too narrow: that with the highest number first. Default: never. */
  readonly leaveOut?: number;
}

/** The lines of a table. */
export interface TableLines {
  readonly head: string;
  line(cells: readonly string[]): string;
  /** Names of the columns that a narrow terminal has no room for. */
  readonly leftOut: readonly string[];
}

const GAP = "  ";

const colors = colorsFor(process.stdout);

/** The width of standard output's terminal; undefined where it is none, so that nothing is broken or left out. */
export function outputWidth(): number | undefined {
  // Some terminals do not know their width, and say 0.
  return process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
}

/** Lays out a table for these rows, and others later. Cells may have colours where the column is never broken. */
export function layOutTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = outputWidth(),
): TableLines {
  const natural = columns.map(({ name, least = 0 }, at) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[at] ?? "")), Math.max(least, name.length)),
  );
  const { shown, widths } = fitWidths(columns, natural, width);
  // In a pipe a line stays a line, also one that is wider than those that the layout was made for.
  const breaks = width !== undefined && Number.isFinite(width);
  const toLine = (cells: readonly string[]) =>
    linesOf(
      shown.map(({ at, column }) => ({ column, text: cells[at] ?? "", width: widths[at] ?? 0 })),
      breaks,
    );
  return {
    head: colors.bold(toLine(columns.map(({ name }) => name))),
    line: toLine,
    leftOut: columns.filter((column) => !shown.some((one) => one.column === column)).map(({ name }) => name),
  };
}

/** A whole table. `width`: of the terminal. */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = outputWidth(),
): string {
  const { head, line, leftOut } = layOutTable(columns, rows, width);
  const note = leftOut.length === 0 ? [] : [leftOutText(leftOut)];
  return [head, ...rows.map(line), ...note].join("\n");
}

/** Says what a narrow terminal does not show. */
export function leftOutText(names: readonly string[]): string {
  return `(Too narrow here for: ${names.join(", ")}.)`;
}

interface Shown {
  readonly column: Column;
  readonly at: number;
}

/** Breaks the widest columns first, then leaves some out. A table that still does not fit is as narrow as it can be. */
function fitWidths(columns: readonly Column[], natural: readonly number[], width: number | undefined) {
  let shown: readonly Shown[] = columns.map((column, at) => ({ column, at }));
  for (;;) {
    const widths = shrink(shown, natural, width);
    const total = shown.reduce((sum, { at }) => sum + (widths[at] ?? 0), GAP.length * (shown.length - 1));
    const least = shown.reduce<Shown | undefined>(
      (one, other) => ((other.column.leaveOut ?? 0) > (one?.column.leaveOut ?? 0) ? other : one),
      undefined,
    );
    if (width === undefined || total <= width || least === undefined) return { shown, widths };
    shown = shown.filter((one) => one !== least);
  }
}

function shrink(shown: readonly Shown[], natural: readonly number[], width = Number.POSITIVE_INFINITY) {
  const widths = [...natural];
  let over = shown.reduce((sum, { at }) => sum + (widths[at] ?? 0), GAP.length * (shown.length - 1)) - width;
  while (over > 0) {
    const breakable = shown.filter(({ column: { wrapTo }, at }) => wrapTo !== undefined && (widths[at] ?? 0) > wrapTo);
    const [widest] = breakable.toSorted((one, other) => (widths[other.at] ?? 0) - (widths[one.at] ?? 0));
    if (widest === undefined) break;
    widths[widest.at] = (widths[widest.at] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

interface TableCell {
  readonly column: Column;
  readonly text: string;
  readonly width: number;
}

function linesOf(cells: readonly TableCell[], breaks: boolean): string {
  const broken = cells.map(({ column, text, width }) =>
    breaks && column.wrapTo !== undefined
      ? column.wholeWords
        ? fill(text.split(" "), width)
        : wrapText(text, width)
      : [text],
  );
  const height = Math.max(1, ...broken.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    cells
      .map(({ column, width }, at) => pad(broken[at]?.[row] ?? "", width, column.align))
      .join(GAP)
      .trimEnd(),
  ).join("\n");
}

function pad(text: string, width: number, align: Column["align"]): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? space + text : text + space;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** A line as it fits the terminal: what follows the first line is indented. In a pipe a line stays a line. */
export function inTerminal(line: string, width = outputWidth()): string {
  return width === undefined ? line : fill(line.split(" "), width - GAP.length).join(`\n${GAP}`);
}

/** Breaks after spaces, slashes and hyphens where that fills a third of a line. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const found = Math.max(
      rest.lastIndexOf(" ", width),
      rest.lastIndexOf("/", width - 1) + 1,
      rest.lastIndexOf("-", width - 1) + 1,
    );
    const at = found > width / 3 ? found : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
