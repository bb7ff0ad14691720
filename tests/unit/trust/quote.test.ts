import assert from "node:assert/strict";
import { quote, show } from "../../../trust/quote";

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
