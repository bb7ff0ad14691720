import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { fill } from "../../../cli/lib/fill";
import { type Column, inTerminal, layOutTable, tableText } from "../../../cli/lib/table";
import { timeText } from "../../../cli/lib/time-text";

const COLUMNS: readonly Column[] = [
  { name: "status" },
  { name: "repository", wrapTo: 10 },
  { name: "times", align: "right" },
  { name: "note", leaveOut: 1 },
  { name: "time", leaveOut: 2 },
];
const ROWS = [
  ["denied", "registry.example.com/team/application", "4", "a note", "2026-06-15T12:00:01Z"],
  ["trusted", "short", "1200", "-", "-"],
];

const widest = (text: string) => Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length));

describe("a table", () => {
  it("has aligned columns, numbers to the right", () => {
    const lines = tableText(COLUMNS, ROWS, Number.POSITIVE_INFINITY).split("\n");

    assert.deepEqual(lines, [
      "status   repository                             times  note    time",
      "denied   registry.example.com/team/application      4  a note  2026-06-15T12:00:01Z",
      "trusted  short                                   1200  -       -",
    ]);
  });

  it("breaks what may be broken where the terminal is narrower, and loses no character", () => {
    const text = tableText(COLUMNS, ROWS, 75);

    assert.ok(widest(text) <= 75, text);
    assert.match(text, /^denied +registry\.example\.com\/team\/ +4 +a note +2026\S+\n +application\n/m);
    assert.doesNotMatch(text, /Too narrow/);
  });

  it("then leaves columns out, and says which", () => {
    const text = tableText(COLUMNS, ROWS, 40);

    assert.ok(widest(text) <= 40, text);
    assert.match(text, /^status +repository +times +note$/m);
    assert.match(text, /\n\(Too narrow here for: time\.\)$/);
  });

  for (const width of [80, 120, 160]) {
    it(`fits a terminal of ${width} columns`, () => {
      const long = ROWS.map((row) => row.map((cell, at) => (at === 1 ? cell.repeat(12) : cell)));

      assert.ok(widest(tableText(COLUMNS, long, width)) <= width);
    });
  }

  it("counts colours as nothing", () => {
    const coloured = [["\u001b[31mdenied\u001b[39m", "app", "1", "", ""]];

    const [, line = ""] = tableText(COLUMNS, coloured, 80).split("\n");

    assert.equal(stripVTControlCharacters(line), "denied  app             1");
  });

  it("in a pipe keeps a later, wider line in one line", () => {
    const { line } = layOutTable(COLUMNS, [["denied", "app", "1", "", ""]], undefined);

    assert.doesNotMatch(line(ROWS[0] ?? []), /\n/);
  });
});

describe("a time", () => {
  it("is shown to the second, in UTC", () => {
    assert.equal(timeText("2026-06-15T12:00:01.500Z"), "2026-06-15T12:00:01Z");
    assert.equal(timeText(new Date(0)), "1970-01-01T00:00:00Z");
    assert.equal(timeText("2026-06-15"), "2026-06-15");
    assert.equal(timeText("\u001b[2J"), "\\u{1b}[2J");
  });
});

describe("a line in a terminal", () => {
  it("is broken with an indent, and stays one line in a pipe", () => {
    const line = "shop/web, running, web: no-signature: the registry lists no signature of this image";

    assert.equal(inTerminal(line, Number.POSITIVE_INFINITY), line);
    assert.deepEqual(inTerminal(line, 50).split("\n"), [
      "shop/web, running, web: no-signature: the",
      "  registry lists no signature of this image",
    ]);
  });
});

describe("words in a terminal", () => {
  it("stay whole, however long, so that a digest can be copied", () => {
    const digest = `sha256:${"5d".repeat(32)}`;

    assert.deepEqual(fill(`signed as ${digest} by release`.split(" "), 40), ["signed as", digest, "by release"]);
    assert.deepEqual(fill(["short"], 40), ["short"]);
  });
});
