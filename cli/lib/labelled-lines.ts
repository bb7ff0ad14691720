import { layOutTable, outputWidth } from "./table";

const INDENT = "  ";

/** Texts behind their labels, indented, in lines that fit the terminal. An empty label continues the one above. */
export function labelledLines(rows: readonly (readonly [label: string, text: string])[]): readonly string[] {
  const width = outputWidth();
  const columns = [{ name: "" }, { name: "", wrapTo: 30, wholeWords: true as const }];
  const { line } = layOutTable(columns, rows, width === undefined ? undefined : width - INDENT.length);
  return rows.flatMap((row) => line(row).split("\n")).map((text) => `${INDENT}${text}`);
}
