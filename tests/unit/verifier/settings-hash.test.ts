import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { isMapping } from "../../../trust/unchecked-value";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import { SETTINGS_VERSION, writtenSettings } from "../../../verifier/src/settings-version";
import { BEHAVIOUR, resolvedTrust } from "../components/settings";

const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust() };

describe("the hash of settings", () => {
  it("is the same for what is baked into the image and what the function reads there", () => {
    const read = parseSettings(JSON.parse(JSON.stringify(writtenSettings(SETTINGS))));
    assert.equal(hashSettings(read), hashSettings(SETTINGS));
  });

  it("does not depend on the order of keys", () => {
    const { trust, ...behaviour } = SETTINGS;
    const reversed = Object.fromEntries(Object.entries(trust).reverse()) as typeof trust;
    assert.equal(hashSettings({ trust: reversed, ...behaviour }), hashSettings(SETTINGS));
  });

  it("is that of the file, with the version of its form", () => {
    const sorted = (_key: string, value: unknown) =>
      isMapping(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value;
    const file = JSON.stringify({ ...SETTINGS, version: SETTINGS_VERSION }, sorted);

    assert.equal(hashSettings(SETTINGS), createHash("sha256").update(file).digest("hex"));
  });

  it("differs for another mode and another trusted identity", () => {
    const hashes = [
      SETTINGS,
      { ...SETTINGS, mode: "enforce" as const },
      { ...SETTINGS, trust: resolvedTrust("other") },
    ].map(hashSettings);
    assert.equal(new Set(hashes).size, 3);
  });
});
