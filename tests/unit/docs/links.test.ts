import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const checkout = resolve(__dirname, "../../..");
const documents = [
  ...readdirSync(checkout),
  ...readdirSync(join(checkout, "docs")).map((name) => `docs/${name}`),
].filter((file) => file.endsWith(".md"));

/** The headings of a document as GitHub names them in links. */
function anchorsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("links in the documents", () => {
  for (const document of documents) {
    it(`${document}: each leads to a file, and to a heading of it`, () => {
      const text = readFileSync(join(checkout, document), "utf8");
      const broken = [...text.matchAll(/\]\(([^)\s#]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, path = "", anchor]) => {
        if (/^[a-z]+:/.test(path)) return [];
        const file = path === "" ? join(checkout, document) : join(checkout, dirname(document), path);
        if (!existsSync(file)) return [link];
        return anchor === undefined || !file.endsWith(".md") || anchorsOf(file).includes(anchor) ? [] : [link];
      });
      assert.deepEqual(broken, []);
    });
  }
});
