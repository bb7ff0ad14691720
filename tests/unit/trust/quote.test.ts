import assert from "node:assert/strict";
import { inLine, quote, show } from "../../../trust/quote";

describe("quote", () => {
  for (const [text, quoted] of [
    ["plain text", '"plain text"'],
    ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ["a\nb\r\tc", '"a\\nb\\r\\tc"'],
    ["\u0000\u001b[31m\u007f", '"\\u{0}\\u{1b}[31m\\u{7f}"'],
    ["\u202e\u2028é😀\ud800", '"\\u{202e}\\u{2028}\\u{e9}\\u{1f600}\\u{d800}"'],
    ["x".repeat(201), `"${"x".repeat(200)}..."`],
  ] as const) {
    it(`gives one printable line for ${JSON.stringify(text.slice(0, 12))}`, () => {
      assert.equal(quote(text), quoted);
    });
  }
});

describe("show", () => {
  it("shows any value on one line", () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const shown = [undefined, null, 3, ["a\n"], { a: "é" }, 1n, circular, Number.NaN].map((value) => show(value));
    assert.deepEqual(shown, ["(missing)", "null", "3", '["a\\n"]', '{"a":"\\u{e9}"}', "(bigint)", "(object)", "null"]);
  });
});

describe("a text in a line, without quotes around it", () => {
  it("keeps its own quotes and backslashes, and escapes what is not printable", () => {
    assert.equal(inLine('expired on "Thu, 26 Nov"'), 'expired on "Thu, 26 Nov"');
    assert.equal(inLine("a\u001b[31m\nä"), "a\\u{1b}[31m\\n\\u{e4}");
    assert.equal(inLine("x".repeat(5), 3), "xxx...");
  });

  it("stays the same when it is made safe again", () => {
    const once = inLine('the image "\u00e4" has a\nline');
    assert.equal(inLine(once), once);
  });
});
