import assert from "node:assert/strict";
import { suggestKey } from "../../../trust/suggest-key";

describe("nearKey", () => {
  const known = ["registries", "statements", "exemptions"];
  for (const [key, near] of [
    ["registry", "registries"],
    ["Registries", "registries"],
    ["registeries", "registries"],
    ["statement", "statements"],
    ["exceptions", "exemptions"],
    ["exemption", "exemptions"],
    ["notes", undefined],
    ["", undefined],
    ["x".repeat(100_000), undefined],
  ] as const) {
    it(`finds ${near ?? "nothing"} near ${JSON.stringify(key.slice(0, 20))}`, () => {
      assert.equal(suggestKey(key, known), near);
    });
  }
});
