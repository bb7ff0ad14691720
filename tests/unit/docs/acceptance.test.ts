import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { STEPS } from "../../../acceptance/steps";

describe("docs/acceptance.md", () => {
  const text = readFileSync(join(__dirname, "../../../docs/acceptance.md"), "utf8");

  it("lists the steps there are, in their order, with what each proves", () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);

    assert.deepEqual(
      rows,
      STEPS.map(({ id, title, proves }) => [id, title, proves]),
    );
  });
});
