import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArguments, onBaseArguments } from "../../../../components/image/verifier-build";
import { imageTag, prepareOnBaseSource } from "../../../../components/image/verifier-source";
import { ImageVerification } from "../../../../components/image-verification";
import type { ImageVerificationArgs } from "../../../../components/image-verification-args";
import { parseTrustDocument } from "../../../../trust/document";
import { MACHINE } from "../machine";
import { REGISTRY } from "../mock-state";
import { named, type Registered, runProgram } from "../run-program";
import { BEHAVIOUR, resolvedTrust, TRUST } from "../settings";

const BASE = `ghcr.io/example/verifier-base@sha256:${"b".repeat(64)}`;
const PROFILE = "arn:aws:signer:us-east-1:444455556666:/signing-profiles/base";
const BASE_TRUST = parseTrustDocument({
  registries: ["ghcr.io"],
  statements: [{ name: "base", repositories: ["*"], identities: [PROFILE] }],
});
const SOURCE = { context: ".staged/on-base", contentHash: "c0ffee" };
/** Those of a component that makes its signing profile. */
const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust("app_signing_profile") };

type Verifier = NonNullable<ImageVerificationArgs["verifier"]>;

function run(verifier: Verifier, machine: NodeJS.ProcessEnv = MACHINE, registered: Registered[] = []) {
  return runProgram(
    () => void new ImageVerification("app", { trust: TRUST, behaviour: BEHAVIOUR, verifier, machine }),
    { registered },
  );
}

const madeOf = (registered: readonly Registered[]) => registered.filter(({ type }) => type !== "pulumi:pulumi:Stack");

describe("ImageVerification on a base image", () => {
  it("has the settings put on top of it, with no argument for a compiler", async () => {
    const result = await run({ baseImage: BASE, source: SOURCE, architecture: "x86_64" });

    const args = onBaseArguments(SETTINGS, BASE);
    const { build, imageName } = named(result, "app-image-image").inputs as { build: object; imageName: string };
    assert.deepEqual(build, {
      context: ".staged/on-base",
      dockerfile: ".staged/on-base/Dockerfile",
      builderVersion: "BuilderBuildKit",
      platform: "linux/amd64",
      args,
    });
    assert.equal(imageName, `${REGISTRY}/app-image-repository:${imageTag("c0ffee", args, "linux/amd64")}`);
    assert.deepEqual(Object.keys(args).sort(), ["BASE_IMAGE", "SETTINGS", "SETTINGS_HASH", "TRUST_POLICY"]);
  });

  it("has the settings of an image from its sources, and the same hash in the label", () => {
    const { BASE_IMAGE: base, ...onBase } = onBaseArguments(SETTINGS, BASE);
    const { PARTITION: _, ...fromSources } = buildArguments(SETTINGS);

    assert.equal(base, BASE);
    assert.deepEqual(onBase, fromSources);
  });

  const refused: readonly (readonly [title: string, verifier: Verifier, said: RegExp])[] = [
    [
      "a base image by its tag",
      { baseImage: "ghcr.io/example/verifier-base:1.0" },
      /ImageVerification app: verifier\.baseImage is "ghcr\.io.*:1\.0": it is not an image by its digest.*Allowed: REPOSITORY@sha256/,
    ],
    [
      "an image that was built elsewhere as well",
      { baseImage: BASE, imageUri: `${REGISTRY}/verifier@sha256:${"a".repeat(64)}` },
      /verifier\.imageUri is .*: it contradicts baseImage.*Remove one of the two/,
    ],
    [
      "images to compile with as well",
      { baseImage: BASE, baseImages: { go: "mirror/go:1" } },
      /verifier\.baseImages\.go is "mirror\/go:1": it does not fit baseImage/,
    ],
    ["trust in it, and none", { baseImageTrust: BASE_TRUST }, /verifier\.baseImageTrust is .*there is no baseImage/],
    [
      "trust in it that says self",
      { baseImage: BASE, baseImageTrust: TRUST },
      /^verifier\.baseImageTrust has 2 problems\.[\s\S]*"self" is of this stack/,
    ],
  ];
  for (const [title, verifier, said] of refused) {
    it(`is refused before anything is made: ${title}`, async () => {
      const registered: Registered[] = [];

      await assert.rejects(run(verifier, MACHINE, registered), ({ message }: Error) => said.test(message));
      assert.deepEqual(madeOf(registered), []);
    });
  }

  it("says what this machine lacks to verify it, before anything is made", async () => {
    const registered: Registered[] = [];
    const lacking = (machine: NodeJS.ProcessEnv) =>
      run({ baseImage: BASE, baseImageTrust: BASE_TRUST }, { ...MACHINE, ...machine }, registered);

    await assert.rejects(lacking({ SIGNER_PLUGIN: undefined, HOME: "/nowhere" }), {
      name: "BaseVerificationError",
      message:
        /^verifier\.baseImageTrust: the base image is verified on this machine, and the AWS Signer plugin for Notation was not found at \/nowhere\/.*SIGNER_PLUGIN\. To deploy on the digest alone, remove baseImageTrust\.$/,
    });
    await assert.rejects(lacking({}), {
      message: /the AWS Signer plugin at \/a\/plugin is not there\. Install it/,
    });
    await assert.rejects(lacking({ SIGNER_PLUGIN: process.execPath, PATH: "/nowhere" }), {
      message: /the program that verifies is not here\. Go is not installed\./,
    });
    assert.deepEqual(madeOf(registered), []);
  }).timeout(20_000);
});

describe("what an image on a base image is built from", () => {
  it("is one Dockerfile, staged under the project and named by its content", async () => {
    const project = await mkdtemp(join(tmpdir(), "project-"));
    try {
      const { context, contentHash } = await prepareOnBaseSource(project);

      assert.equal(context, `.ecs-image-verification/on-base-${contentHash.slice(0, 32)}`);
      assert.deepEqual(await readdir(join(project, context)), ["Dockerfile"]);
    } finally {
      await rm(project, { recursive: true, force: true });
    }
  });
});
