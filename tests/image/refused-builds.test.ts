import assert from "node:assert/strict";
import { writtenSettings } from "../../verifier/src/settings-version";
import type { BaseImages } from "./support/base-images";
import type { Engine } from "./support/engine";
import { useVerifierImage } from "./support/fixture";
import type { Scene } from "./support/scene";
import { buildVerifier } from "./support/verifier-image";

describe("the verifier image refuses to be built", function () {
  this.timeout(5 * 60_000);

  let engine: Engine;
  let base: BaseImages;
  let scene: Scene;

  useVerifierImage((fixture) => {
    ({ engine, base, scene } = fixture);
  });

  const policy = (level: string) => ({
    version: "1.0",
    trustPolicies: [
      {
        name: "release",
        registryScopes: ["*"],
        signatureVerification: { level },
        trustStores: ["signingAuthority:aws-signer-ts"],
        trustedIdentities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/other"],
      },
    ],
  });

  it("with another root certificate than the pinned one", async () => {
    const build = buildVerifier(engine, base, {
      target: "root",
      settings: scene.settings,
      rootPem: scene.stack.signer.rootPem,
    });

    await assert.rejects(build, /gave a root certificate with the SHA-256 fingerprint .*; the pinned one is 90:A8:7D/);
  });

  it("for a partition without a known root certificate", async () => {
    const build = buildVerifier(engine, base, {
      target: "root",
      settings: scene.settings,
      args: { PARTITION: "aws-cn" },
    });

    await assert.rejects(build, /PARTITION=aws-cn: no root certificate is known for it/);
  });

  it("with a trust policy that is not strict", async () => {
    const args = { TRUST_POLICY: JSON.stringify(policy("audit")) };
    const build = buildVerifier(engine, base, { target: "config", settings: scene.settings, args });

    await assert.rejects(build, /trustpolicy\.json: statement "release" has level "audit": only "strict" is allowed/);
  });

  it("with a trust policy that is not that of the settings", async () => {
    const args = { TRUST_POLICY: JSON.stringify(policy("strict")) };
    const build = buildVerifier(engine, base, { target: "settings", settings: scene.settings, args });

    await assert.rejects(build, /is not the trust policy of the trust document in/);
  });

  it("with settings that the function cannot read", async () => {
    const args = { SETTINGS: JSON.stringify({ ...writtenSettings(scene.settings), mode: "observe" }) };
    const build = buildVerifier(engine, base, { target: "settings", settings: scene.settings, args });

    await assert.rejects(build, /settings\.json: mode: /);
  });

  it("with a hash for its label that is not that of the settings", async () => {
    const args = { SETTINGS_HASH: "0".repeat(64) };
    const build = buildVerifier(engine, base, { target: "settings", settings: scene.settings, args });

    await assert.rejects(build, /--build-arg SETTINGS_HASH is 0{64}; the hash of the settings in .* is [0-9a-f]{64}/);
  });

  for (const name of ["TRUST_POLICY", "SETTINGS", "SETTINGS_HASH"]) {
    it(`without ${name}`, async () => {
      const args = { [name]: "" };
      const build = buildVerifier(engine, base, { target: "settings", settings: scene.settings, args });

      await assert.rejects(build, new RegExp(`--build-arg ${name} is missing`));
    });
  }
});
