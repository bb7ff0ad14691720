import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readBaseTrust } from "../../components/image/base-trust";
import { mainArguments, requireTrusted, type TrustedBase } from "../../components/image/trusted-base";
import { type Scene, startScene } from "./support/scene";

describe("the base image of a deployment", () => {
  let scene: Scene;
  let trustStore: string;
  before(async () => {
    scene = await startScene();
    trustStore = await scene.stack.temporaryFolder();
    await writeFile(join(trustStore, "root.pem"), scene.stack.signer.rootPem);
  });
  after(() => scene?.close());
  beforeEach(() => scene.stack.signer.failWith(undefined));

  /** What becomes of a base image that must be signed by the profile `release`, verified as a component has it done. */
  async function outcome(baseImage: string, changes: Partial<TrustedBase> = {}): Promise<string> {
    const { resolved: trust } = readBaseTrust({
      registries: [scene.registry],
      statements: [{ name: "base", repositories: ["*"], identities: [scene.release.arn] }],
    });
    const { plugin } = scene.stack.programs;
    const base = { baseImage, trust, trustStore, signerEndpoint: scene.stack.signer.url, plainHttp: true, ...changes };
    const environment = { ...process.env, ...scene.stack.environment, SIGNER_PLUGIN: plugin };
    const child = spawn(process.execPath, mainArguments(), { env: environment, stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(JSON.stringify(base));
    const { verdict } = JSON.parse(await text(child.stdout));
    try {
      requireTrusted(baseImage, verdict);
      return "trusted";
    } catch (error) {
      return (error as Error).message;
    }
  }

  it("is used where one of those in baseImageTrust has signed it", async () => {
    const image = await scene.image();
    await scene.sign(image);

    assert.equal(await outcome(image.reference), "trusted");
  });

  it("is used by the digest of its index, which is what is signed of an image for several platforms", async () => {
    const { index, manifests, repository, reference } = await scene.indexedImage();
    await scene.sign({ repository, descriptor: index });

    assert.equal(await outcome(reference(index)), "trusted");
    const [manifest = index] = manifests;
    assert.match(await outcome(reference(manifest)), /is denied \(no-signature\)/);
  });

  it("is refused with the reason code where nobody has signed it, somebody else has, and where it is not there", async () => {
    const [unsigned, foreign] = [await scene.image(), await scene.image()];
    await scene.sign(foreign, {}, scene.foreign);
    const absent = unsigned.reference.replace(/[0-9a-f]{64}$/, "e".repeat(64));

    assert.match(
      await outcome(unsigned.reference),
      new RegExp(
        `^verifier\\.baseImage: ${unsigned.reference} is denied \\(no-signature\\): .*\\. Nothing was made or changed\\. ` +
          "Use a base image that is signed by those in verifier\\.baseImageTrust\\.$",
      ),
    );
    assert.match(await outcome(foreign.reference), /is denied \(identity-not-trusted\)/);
    assert.match(await outcome(absent), /is denied \(image-not-found\)/);
    assert.match(await outcome(`ghcr.io/a/b@sha256:${"e".repeat(64)}`), /is denied \(registry-not-allowed\)/);
  });

  it("is not used where it cannot be verified either", async () => {
    const image = await scene.image();
    await scene.sign(image);
    scene.stack.signer.failWith({ status: 500, type: "InternalServiceErrorException", message: "try later" });

    assert.match(
      await outcome(image.reference),
      /could not be verified \(signer-unavailable\): .*Nothing was made or changed\. Try again when the cause is gone/,
    );
  });

  it("that is signed by AWS Signer's stand-in is not trusted by AWS's own root certificate", async () => {
    const image = await scene.image();
    await scene.sign(image);

    assert.match(await outcome(image.reference, { trustStore: undefined }), /is denied \(untrusted-root\)/);
  });
});
