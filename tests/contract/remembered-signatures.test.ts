import assert from "node:assert/strict";
import { deleteManifest } from "../../local/registry-client";
import { pushJunkSignatures } from "../../local/signatures";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { memorySignatures } from "../support/memory-signatures";
import { judgeImages } from "./support/judge-images";
import { type SceneImage, useScene } from "./support/scene";

describe("contract: signatures that decided earlier (49)", () => {
  const scene = useScene();

  /** A judge that remembers, and an image that it has trusted, beside which somebody then pushes junk. */
  const flooded = async () => {
    const memory = memorySignatures();
    const judge = judgeImages(scene().verifiers, scene().trust(), { memory });
    const image = await scene().image();
    const signed = await scene().sign(image);
    const ask = () => judge(referenceSubject(image.reference));
    assert.equal((await ask()).code, "signature-valid");
    const [remembered = ""] = await memory.recall({
      repository: `${scene().registry}/${image.repository.name}`,
      digest: image.descriptor.digest,
    });
    // Pushed again behind the junk, as in a registry that lists the newest first.
    await deleteManifest(image.repository, remembered);
    await pushJunkSignatures(image.repository, image.descriptor, 60);
    await scene().push(image, signed.envelope);
    return { image, signed, remembered, ask };
  };

  it("49: trusted once, then junk signatures in front -> trusted", async () => {
    const { ask, signed } = await flooded();

    const verdict = await ask();

    assert.equal(verdict.code, "signature-valid", verdict.detail);
    assert.equal(verdict.signature?.job, signed.jobArn);
  });

  it("the remembered signature is checked in full: revoked since -> denied", async () => {
    const { ask, signed } = await flooded();
    scene().stack.signer.revokeJob(signed.jobArn);

    assert.equal((await ask()).status, "denied");
  });

  it("the remembered signature is gone -> denied too-many-signatures", async () => {
    const { image, ask, remembered } = await flooded();
    await deleteManifest(image.repository, remembered);

    const verdict = await ask();

    assert.equal(`${verdict.status} ${verdict.code}`, "denied too-many-signatures", verdict.detail);
  });

  it("without memory the junk denies the image: the test's junk is really in front", async () => {
    const { image } = await flooded();
    const judge = judgeImages(scene().verifiers, scene().trust());

    assert.equal((await judge(referenceSubject(image.reference))).code, "too-many-signatures");
  });
});

describe("contract: the age of signatures (51)", () => {
  const scene = useScene();
  const signedOn = async (...days: readonly string[]) => {
    const image = await scene().image();
    for (const day of days) await scene().sign(image, { signingTime: new Date(`${day}T12:00:00Z`) });
    return image;
  };
  const judge = async (image: SceneImage, demands: { readonly signedAfter?: string; readonly maxAgeDays?: number }) => {
    const verdict = await judgeImages(scene().verifiers, scene().trust(demands))(referenceSubject(image.reference));
    return `${verdict.status} ${verdict.code}`;
  };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

  it("51a: signed before the day -> denied signature-too-old, and Signer is not asked", async () => {
    const image = await signedOn(daysAgo(20));
    const before = scene().verifiers.signerCalls();

    assert.equal(await judge(image, { signedAfter: daysAgo(10) }), "denied signature-too-old");
    assert.equal(await judge(image, { maxAgeDays: 10 }), "denied signature-too-old");
    assert.equal(scene().verifiers.signerCalls(), before);
  });

  it("51b: signed on the day or later -> trusted", async () => {
    assert.equal(await judge(await signedOn(daysAgo(10)), { signedAfter: daysAgo(10) }), "trusted signature-valid");
    assert.equal(await judge(await signedOn(daysAgo(5)), { maxAgeDays: 10 }), "trusted signature-valid");
  });

  it("51c: two signatures, one of each -> trusted", async () => {
    const image = await signedOn(daysAgo(20), daysAgo(5));

    assert.equal(await judge(image, { signedAfter: daysAgo(10) }), "trusted signature-valid");
  });
});
