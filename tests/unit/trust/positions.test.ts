import assert from "node:assert/strict";
import { formatPath } from "../../../trust/problem";
import { parseYaml } from "../../../trust/read";

/** Where everything in a text is: `path line:column-line:column`. */
function placesOf(text: string): readonly string[] {
  return parseYaml("trust.yaml", text)
    .places()
    .map(({ path, position: { line, column, endLine, endColumn } }) => {
      return `${formatPath(path)} ${line}:${column}-${endLine}:${endColumn}`;
    });
}

describe("the places of a document", () => {
  it("are those of keys, and of entries of lists", () => {
    assert.deepEqual(placesOf('# head\nregistries: [self, "b"]\nstatements:\n  - name: a\n    "odd key": 1\n'), [
      "registries 2:1-2:11",
      "registries[0] 2:14-2:18",
      "registries[1] 2:20-2:23",
      "statements 3:1-3:11",
      "statements[0] 4:5-6:1",
      "statements[0].name 4:5-4:9",
      'statements[0]["odd key"] 5:5-5:14',
    ]);
  });

  it("are found in JSON, too", () => {
    assert.deepEqual(placesOf('{\n  "a": {\n    "b": [1]\n  }\n}\n'), ["a 2:3-2:6", "a.b 3:5-3:8", "a.b[0] 3:11-3:12"]);
  });

  it("are those of the anchor for what an alias stands for", () => {
    assert.deepEqual(placesOf("a: &x\n  b: 1\nc: *x\n"), ["a 1:1-1:2", "a.b 2:3-2:4", "c 3:1-3:2", "c.b 2:3-2:4"]);
  });

  it("are none of a text without keys and entries", () => {
    for (const text of ["", "# nothing\n", "7", "[]", "{}"]) assert.deepEqual(placesOf(text), []);
  });
});
