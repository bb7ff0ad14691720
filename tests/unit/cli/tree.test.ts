import assert from "node:assert/strict";
import { treeLines } from "../../../cli/images/tree";

describe("a tree of text", () => {
  it("is drawn as the Notation CLI draws its", () => {
    const children = [
      { text: "a", children: [{ text: "b" }, { text: "c", children: [{ text: "d" }] }] },
      { text: "e" },
    ];

    const lines = treeLines({ text: "root", children });

    assert.deepEqual(lines, ["root", "├── a", "│   ├── b", "│   └── c", "│       └── d", "└── e"]);
  });

  it("is one line without children", () => {
    assert.deepEqual(treeLines({ text: "root" }), ["root"]);
  });
});
