import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REASON_CODES, toStatus } from "../../../verifier/src/verification/verdict";

describe("docs/verdicts.md", () => {
  it("lists exactly the reason codes there are, each with its status", () => {
    const text = readFileSync(join(__dirname, "../../../docs/verdicts.md"), "utf8");

    const rows = [...text.matchAll(/^\| (trusted|denied|inconclusive|exempt) \| `([a-z-]+)` \|/gm)];

    const documented = rows.map(([, status, code]) => [code, status]);
    assert.deepEqual(
      documented,
      REASON_CODES.map((code) => [code, toStatus(code)]),
    );
  });
});
