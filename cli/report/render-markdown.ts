import { cellText } from "./cell-text";
import type { Cell, ReportDocument, Section, TableView } from "./document";

/** Rows of a table. The page and the JSON form have all. */
const MOST_ROWS = 200;

/** A report in Markdown with the tables of GitHub. Nothing that others wrote is read as Markdown or as HTML. */
export function renderMarkdown({ title, subtitle, sections }: ReportDocument): string {
  return [`# ${escapeWords(title)}`, "", escapeWords(subtitle), "", ...sections.flatMap(sectionLines)]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function sectionLines({ title, text, facts = [], tables }: Section): readonly string[] {
  return [
    `## ${escapeWords(title)}`,
    "",
    ...text.flatMap((one) => [escapeWords(one), ""]),
    ...facts.map(({ value, label }) => `* **${escapeWords(value)}** ${escapeWords(label)}`),
    ...(facts.length > 0 ? [""] : []),
    ...tables.flatMap(tableLines),
  ];
}

function tableLines({ title, columns, rows, empty }: TableView): readonly string[] {
  if (rows.length === 0) return [`### ${escapeWords(title)}`, "", escapeWords(empty), ""];
  const shown = columns.flatMap((column, at) => (column.onlyOnPage ? [] : [{ column, at }]));
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const more = rows.length - MOST_ROWS;
  return [
    `### ${escapeWords(title)}`,
    "",
    row(shown.map(({ column }) => escapeWords(column.name))),
    row(shown.map(({ column }) => (column.align === "right" ? "---:" : "---"))),
    ...rows.slice(0, MOST_ROWS).map((cells) => row(shown.map(({ at }) => cellMarkdown(cells[at])))),
    "",
    ...(more > 0 ? [`${more} more: the page and the JSON form have all.`, ""] : []),
  ];
}

function cellMarkdown(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  const text = cellText(cell);
  if (cell.kind === "status") return `**${escapeWords(text)}**`;
  return cell.kind === "given" || cell.kind === "code" || cell.kind === "digest" ? asCode(text) : escapeWords(text);
}

/**
 * Text of others as code: neither a link, nor emphasis, nor HTML, nor the end of a cell. The text is printable ASCII already.
 */
function asCode(text: string): string {
  if (text === "" || text === "-") return text;
  return `\`${text.replaceAll("`", "\\u{60}").replaceAll("|", "\\u{7c}")}\``;
}

/** Our own sentences, which may have text of others in them: every character that means something is escaped. */
function escapeWords(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&!@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:\/\/|www\./gi, noLink);
}

/** GitHub makes a link of what looks like an address. */
function noLink(text: string): string {
  return text.startsWith(":") ? "&#58;//" : `${text.slice(0, 3)}&#46;`;
}
