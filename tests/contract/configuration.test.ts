import assert from "node:assert/strict";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { trustStoreName } from "../../trust";
import { expectVerdict } from "./support/expect-verdict";
import { type SceneImage, useScene } from "./support/scene";
import { configFolder } from "./support/verifiers";

describe("contract: configuration that cannot be used (34)", () => {
  const scene = useScene();
  let image: SceneImage;

  before(async () => {
    image = await scene().image();
    await scene().sign(image);
  });

  /** The verdict on a signed image, with a configuration folder that has been spoilt in one place. */
  const expectMisconfigured = async (
    spoil: (paths: ConfigPaths) => Promise<string>,
    cli: "agrees" | "disagrees" | "not asked" = "agrees",
  ): Promise<void> => {
    const config = await configFolder(scene().stack, scene().trust());
    const culprit = await spoil(pathsIn(config));
    const verifiers = await scene().startVerifiers({ config });

    await expectVerdict(verifiers, image.reference, "inconclusive verifier-misconfigured", {
      cli,
      detail: new RegExp(culprit),
    });
  };

  it("34a: the folder missing", () =>
    expectMisconfigured(async ({ folder, policy }) => {
      await rm(folder, { recursive: true });
      return policy;
    }));

  it("34b: trust policy missing", () =>
    expectMisconfigured(async ({ policy }) => {
      await rm(policy);
      return policy;
    }));

  it("34c: trust policy malformed", async () => {
    for (const text of ["", "{", "[]", '{"version":"2.0","trustPolicies":[]}', '{"version":"1.0"}']) {
      await expectMisconfigured(async ({ policy }) => {
        await writeFile(policy, text);
        return policy;
      });
    }
  });

  it("34d: trust policy a symbolic link", () =>
    expectMisconfigured(async ({ policy }) => {
      await rename(policy, `${policy}.moved`);
      await symlink(`${policy}.moved`, policy);
      return policy;
    }));

  it("34e: trust policy trusts every identity", () =>
    expectMisconfigured(({ policy }) => changeStatement(policy, { trustedIdentities: ["*"] })));

  it("34f: trust policy trusts a certificate's subject", () =>
    expectMisconfigured(
      ({ policy }) => changeStatement(policy, { trustedIdentities: ["x509.subject: C=US, ST=WA, O=Local"] }),
      "not asked",
    ));

  for (const [letter, level] of Object.entries({ g: "audit", h: "permissive" })) {
    it(`34${letter}: trust policy of level ${level} (which the CLI accepts)`, () =>
      expectMisconfigured(({ policy }) => changeStatement(policy, { signatureVerification: { level } }), "disagrees"));
  }

  it("34i: trust policy of level skip (with which the CLI checks nothing)", () =>
    expectMisconfigured(
      ({ policy }) =>
        changeStatement(policy, {
          signatureVerification: { level: "skip" },
          trustStores: undefined,
          trustedIdentities: undefined,
        }),
      "not asked",
    ));

  it("34j: trust policy of level strict with an override (which the CLI accepts)", () =>
    expectMisconfigured(
      ({ policy }) =>
        changeStatement(policy, { signatureVerification: { level: "strict", override: { revocation: "skip" } } }),
      "disagrees",
    ));

  it("34k: trust store missing", () =>
    expectMisconfigured(async ({ store }) => {
      await rm(store, { recursive: true });
      return store;
    }));

  it("34l: trust store empty", () =>
    expectMisconfigured(async ({ store, root }) => {
      await rm(root);
      return store;
    }));

  it("34m: trust store with a file that is no certificate", () =>
    expectMisconfigured(async ({ store }) => {
      await writeFile(join(store, "README"), "not a certificate");
      return store;
    }));

  it("34n: trust store with a folder in it", () =>
    expectMisconfigured(async ({ store }) => {
      await mkdir(join(store, "folder"));
      return store;
    }));

  it("34o: corrected -> the next request is answered, with no restart by hand", async () => {
    const config = await configFolder(scene().stack, scene().trust());
    const { policy } = pathsIn(config);
    await rename(policy, `${policy}.moved`);
    const verifiers = await scene().startVerifiers({ config });
    await expectVerdict(verifiers, image.reference, "inconclusive verifier-misconfigured", { cli: "agrees" });

    await rename(`${policy}.moved`, policy);

    await expectVerdict(verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });
});

interface ConfigPaths {
  readonly folder: string;
  readonly policy: string;
  readonly store: string;
  readonly root: string;
}

function pathsIn(folder: string): ConfigPaths {
  const store = join(folder, "truststore", "x509", "signingAuthority", trustStoreName("aws"));
  return { folder, policy: join(folder, "trustpolicy.json"), store, root: join(store, "root.crt") };
}

/** Changes the only statement, and gives the path of the policy. */
async function changeStatement(policy: string, fields: Record<string, unknown>): Promise<string> {
  const { version, trustPolicies } = JSON.parse(await readFile(policy, "utf8"));
  assert.equal(trustPolicies.length, 1);
  await writeFile(policy, JSON.stringify({ version, trustPolicies: [{ ...trustPolicies[0], ...fields }] }));
  return policy;
}
