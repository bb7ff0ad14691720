import assert from "node:assert/strict";
import { deleteManifest } from "../../local/registry-client";
import { makeChain, type SigningChain } from "../../local/signer/certificates";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

describe("contract: several signatures", () => {
  const scene = useScene();
  let stranger: SigningChain;
  let atOnce: Verifiers;

  before(async () => {
    stranger = await makeChain();
    atOnce = await scene().startVerifiers({ environment: { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" } });
  });
  afterEach(() => {
    scene().stack.signer.failWith(undefined);
  });

  const signAsStranger = (image: SceneImage) => scene().sign(image, stranger);
  const signLongAgo = (image: SceneImage) =>
    scene().sign(image, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });

  it("20a: a bad signature first, a good one second -> trusted by the good one", async () => {
    const image = await scene().image();
    await signAsStranger(image);
    const good = await scene().sign(image);

    const { judgement } = await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", {
      cli: "agrees",
    });

    assert.equal(judgement.signature?.job, good.jobArn);
  });

  it("20b: a good signature first, a bad one second -> trusted", async () => {
    const image = await scene().image();
    await scene().sign(image);
    await signAsStranger(image);

    const { signerCalls } = await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", {
      cli: "agrees",
    });

    assert.equal(signerCalls, 1);
  });

  it("21a: untrusted root, then expired -> denied with the code of the one that got furthest", async () => {
    const image = await scene().image();
    await signAsStranger(image);
    await signLongAgo(image);

    await expectVerdict(scene().verifiers, image.reference, "denied signature-expired", { cli: "agrees" });
  });

  it("21b: identity not listed, then expired -> denied with the code of the one that got furthest", async () => {
    const image = await scene().image();
    await scene().sign(image, {}, scene().foreign);
    await signLongAgo(image);

    await expectVerdict(scene().verifiers, image.reference, "denied identity-not-trusted", { cli: "agrees" });
  });

  it("22: one of an untrusted root, one whose revocation cannot be asked -> inconclusive, in any order", async () => {
    const signAsUs = (image: SceneImage) => scene().sign(image);
    for (const signInTurn of [
      [signAsStranger, signAsUs],
      [signAsUs, signAsStranger],
    ]) {
      const image = await scene().image();
      for (const sign of signInTurn) await sign(image);
      scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException" });

      await expectVerdict(atOnce, image.reference, "inconclusive signer-unavailable", { cli: "agrees" });
    }
  });

  it("25: blob of the first signature missing, the second good -> trusted", async () => {
    const image = await scene().image();
    await scene().push(image, scene().makeSignature(image).envelope, { withoutBlob: true });
    await scene().sign(image);

    // The CLI gives up at the first signature that it cannot fetch.
    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "disagrees" });
  });

  it("26a: blob of the only signature missing -> denied signature-unreadable", async () => {
    const image = await scene().image();
    await scene().push(image, scene().makeSignature(image).envelope, { withoutBlob: true });

    await expectVerdict(scene().verifiers, image.reference, "denied signature-unreadable", { cli: "agrees" });
  });

  it("26b: manifest of the only signature missing -> denied signature-unreadable", async () => {
    const image = await scene().image();
    const { digest } = await scene().push(image, scene().makeSignature(image).envelope);
    await deleteManifest(image.repository, `${digest}?keep-referrer`);

    await expectVerdict(scene().verifiers, image.reference, "denied signature-unreadable", { cli: "agrees" });
  });

  it("26c: envelope larger than 256 KiB -> denied signature-unreadable", async () => {
    const image = await scene().image();
    await scene().push(image, Buffer.alloc(256 * 1024 + 1, "x"));

    await expectVerdict(scene().verifiers, image.reference, "denied signature-unreadable", { cli: "agrees" });
  });

  it("26d: envelope of another digest or size than its manifest says -> denied signature-unreadable", async () => {
    const { digest } = (await scene().image()).descriptor;
    const sha512 = `sha512:${"0".repeat(128)}`;
    for (const layer of [{ digest }, { digest: sha512 }, { digest: "md5:0" }, { size: 7 }, { size: -1 }]) {
      const image = await scene().image();
      await scene().push(image, scene().makeSignature(image).envelope, { layer });

      await expectVerdict(scene().verifiers, image.reference, "denied signature-unreadable", { cli: "agrees" });
    }
  });
});
