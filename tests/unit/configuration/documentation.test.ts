import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationKeys } from "../../../configuration/keys";

const text = readFileSync(join(__dirname, "../../../docs/configuration.md"), "utf8");

/** Key and default of each row of the table. */
const ROWS = [...text.matchAll(/^\| `([^`]+)` \| (.+?) \| .*\|$/gm)].map(
  ([, key = "", value = ""]) => [key, value] as const,
);

describe("docs/configuration.md", () => {
  it("lists exactly the keys there are, in their order", () => {
    assert.deepEqual(
      ROWS.map(([key]) => key),
      configurationKeys().map(({ path }) => path),
    );
  });

  it("says what is required, and what each other key is by default", () => {
    const documented = new Map(ROWS);
    for (const key of configurationKeys()) {
      const said = documented.get(key.path) ?? "";
      if (key.required) assert.equal(said, "required", key.path);
      else if (key.default === undefined) assert.doesNotMatch(said, /^`|^required$/, key.path);
      else assert.equal(said, `\`${JSON.stringify(key.default)}\``, key.path);
    }
  });
});
