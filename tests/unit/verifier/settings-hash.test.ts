import { strict as assert } from "node:assert";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import { BEHAVIOUR, resolvedTrust } from "../components/settings";

const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust() };

describe("the hash of settings", () => {
  it("is the same for what is baked into the image and what the function reads there", () => {
    const read = parseSettings(JSON.parse(JSON.stringify(SETTINGS)));
    assert.equal(hashSettings(read), hashSettings(SETTINGS));
  });

  it("does not depend on the order of keys", () => {
    const { trust, ...behaviour } = SETTINGS;
    const reversed = Object.fromEntries(Object.entries(trust).reverse()) as typeof trust;
    assert.equal(hashSettings({ trust: reversed, ...behaviour }), hashSettings(SETTINGS));
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
