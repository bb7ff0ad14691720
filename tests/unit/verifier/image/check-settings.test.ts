import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandTrustDocument, parseTrustDocument } from "../../../../trust";
import { notationTrustPolicy } from "../../../../trust/derive";
import { checkSettings } from "../../../../verifier/src/image/check-settings";
import { parseSettings } from "../../../../verifier/src/settings";
import { hashSettings } from "../../../../verifier/src/settings-hash";
import { SETTINGS_VERSION } from "../../../../verifier/src/settings-version";

const trust = expandTrustDocument(
  parseTrustDocument({
    registries: ["self"],
    statements: [
      {
        name: "release",
        repositories: ["*"],
        identities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"],
      },
    ],
  }),
  { account: "111122223333", region: "eu-west-1" },
);
const settings = {
  version: SETTINGS_VERSION,
  environment: "dev",
  mode: "audit",
  onInconclusive: "alert",
  giveUpAfterSeconds: 150,
  verdictTtlSeconds: 300,
  verificationTimeoutSeconds: 30,
  maxSignatures: 50,
  stopBudget: 10,
  ledgerDays: 30,
  exemptionHours: 8,
  trust,
};
const hash = hashSettings(parseSettings(settings));

describe("the check of what is baked into the image", () => {
  let folder: string;
  let settingsFile: string;
  let policyFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "check-settings-"));
    settingsFile = join(folder, "settings.json");
    policyFile = join(folder, "trustpolicy.json");
    await writeFile(settingsFile, JSON.stringify(settings));
    await writeFile(policyFile, JSON.stringify(notationTrustPolicy(trust), null, 2));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("says what was found", () => {
    assert.equal(checkSettings(settingsFile, policyFile, hash), "environment dev, mode audit, 1 statement(s)");
  });

  it("refuses settings that cannot be read, and names the file and the key", async () => {
    await writeFile(settingsFile, JSON.stringify({ ...settings, mode: "observe" }));

    assert.throws(
      () => checkSettings(settingsFile, policyFile, hash),
      (error: Error) => {
        assert.equal(error.name, "SettingsError");
        assert.ok(error.message.startsWith(`${settingsFile}: mode: `), error.message);
        return true;
      },
    );
  });

  for (const other of ["", hashSettings(parseSettings({ ...settings, mode: "enforce" }))]) {
    it(`refuses ${other === "" ? "no" : "another"} hash for the label, and says which it must be`, () => {
      assert.throws(() => checkSettings(settingsFile, policyFile, other), {
        name: "SettingsError",
        message: new RegExp(`^--build-arg SETTINGS_HASH is ${other || "missing"}; .* is ${hash}$`),
      });
    });
  }

  it("refuses another trust policy than that of the settings", async () => {
    const other = notationTrustPolicy({
      ...trust,
      statements: trust.statements.map((one) => ({ ...one, name: "other" })),
    });
    await writeFile(policyFile, JSON.stringify(other));

    assert.throws(() => checkSettings(settingsFile, policyFile, hash), {
      name: "SettingsError",
      message: new RegExp(`^${policyFile} is not the trust policy of the trust document in ${settingsFile}`),
    });
  });

  it("refuses a trust policy that is no JSON, and names the file", async () => {
    await writeFile(policyFile, "{");

    assert.throws(() => checkSettings(settingsFile, policyFile, hash), {
      name: "SettingsError",
      message: new RegExp(`^${policyFile}: `),
    });
  });
});
