import Table, { type Cell, type HorizontalAlignment } from "cli-table3";

/** Rows in aligned columns, without lines around them. Cells may have colours, and span columns. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { align = [] }: { readonly align?: readonly HorizontalAlignment[] } = {},
): string {
  const table = new Table({
    head: [...head],
    colAligns: [...align],
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const;
