import { STATUSES } from "../../verifier/src/verification/verdict";
import { colorsFor } from "../lib/colors";
import { inStatusColour } from "../lib/status-colours";
import { outputWidth, tableText } from "../lib/table";
import { cellText } from "./cell-text";
import type { Cell, ReportDocument, Section, TableView } from "./document";

/** Rows of a table that a terminal or a text has. The page and the JSON form have all. */
const MOST_ROWS = 25;

export interface TextOptions {
  /** Default: that of the terminal, or none. */
  readonly width?: number | undefined;
  /** Rows of a table. */
  readonly mostRows?: number;
}

const colors = colorsFor(process.stdout);

/** A report for a terminal or a pipe. */
export function renderText({ title, subtitle, sections }: ReportDocument, options: TextOptions = {}): string {
  return [
    colors.bold(title),
    ...paragraph(subtitle.replaceAll(" · ", ", "), options.width),
    "",
    ...sections.flatMap((section) => sectionLines(section, options)),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function sectionLines(section: Section, options: TextOptions): readonly string[] {
  const { title, text, facts = [], tables } = section;
  return [
    colors.bold(title.toUpperCase()),
    ...text.flatMap((one) => paragraph(one, options.width)),
    ...facts.map(({ value, label, tone }) => `  ${tone === undefined ? value : inStatusColour(tone, value)} ${label}`),
    "",
    ...tables.flatMap((table) => [colors.bold(table.title), tableViewText(table, options), ""]),
  ];
}

/** A table for a terminal or a pipe. */
export function tableViewText(
  view: TableView,
  { width = outputWidth(), mostRows = MOST_ROWS }: TextOptions = {},
): string {
  const { columns, rows, empty } = view;
  if (rows.length === 0) return empty;
  const shown = columns.flatMap((column, at) => (column.onlyOnPage ? [] : [{ column, at }]));
  const cells = rows.slice(0, mostRows).map((row) => shown.map(({ at }) => colouredCell(row[at])));
  const text = tableText(
    shown.map(({ column }) => column),
    cells,
    width,
  );
  const more = rows.length - cells.length;
  return more === 0 ? text : `${text}\n(${more} more: --format html and --format json have all.)`;
}

function colouredCell(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  const text = cellText(cell);
  const known = cell.kind === "status" ? STATUSES.find((one) => one === cell.text) : undefined;
  return known === undefined ? text : inStatusColour(known, text);
}

/** Words in lines of the terminal's width. */
function paragraph(text: string, width = outputWidth()): readonly string[] {
  if (width === undefined) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
