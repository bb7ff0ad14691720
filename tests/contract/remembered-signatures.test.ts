import assert from "node:assert/strict";
import { deleteManifest } from "../../local/registry-client";
import { answer, delay, only } from "../../local/registry-proxy";
import { pushJunkSignatures, pushReferrersTag } from "../../local/signatures";
import type { JudgeOptions } from "../../verifier/src/verification/judge";
import type { SignatureMemory } from "../../verifier/src/verification/signature-memory";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { memorySignatures } from "../support/memory-signatures";
import { judgeImages } from "./support/judge-images";
import { useRegistryProxy } from "./support/registry-proxy";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

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

    const verdict = await ask();

    assert.equal(verdict.status, "denied");
    assert.match(verdict.detail, /revoked/);
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

describe("contract: a flood beside an image that was trusted", () => {
  // With the tag schema, whoever may push decides what is listed.
  const scene = useScene({ referrers: false });
  const proxy = useRegistryProxy(scene);
  afterEach(() => scene().stack.signer.failWith(undefined));

  /** A judge in another instance of the function: it remembers, and nothing is kept. */
  const anotherJudge = async (memory: SignatureMemory, options: Partial<JudgeOptions> = {}) => {
    const trust = { ...scene().trust(), registries: [proxy().address] };
    const environment = { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" };
    const verifiers = await scene().startVerifiers({ environment }, trust);
    const judge = judgeImages(verifiers, trust, { memory, ...options });
    return async (image: SceneImage) => judge(referenceSubject(proxy.referenceOf(image)));
  };
  const trusted = async () => {
    const memory = memorySignatures();
    const image = await scene().image();
    const signed = await scene().sign(image, { signingTime: daysFromNow(-1) });
    const judge = await anotherJudge(memory);
    assert.equal((await judge(image)).code, "signature-valid");
    const flood = async () =>
      pushReferrersTag(
        image.repository,
        image.descriptor,
        await pushJunkSignatures(image.repository, image.descriptor, 60),
      );
    return { memory, image, signed, judge, flood };
  };

  it("a thief's newer signature does not displace the good one: revoked, then flooded -> trusted", async () => {
    const { image, judge, flood } = await trusted();
    const stolen = await scene().sign(image);
    assert.equal((await judge(image)).code, "signature-valid");
    scene().stack.signer.revokeJob(stolen.jobArn);
    await flood();

    assert.equal((await judge(image)).code, "signature-valid");
  });

  it("slow junk, and little time -> trusted", async () => {
    const { image, memory, flood } = await trusted();
    await flood();
    proxy().behave(delay(200));

    const verdict = await (await anotherJudge(memory, { deadlineMs: 3000 }))(image);

    assert.equal(verdict.code, "signature-valid", verdict.detail);
  });

  it("revoked, and slow junk that takes all the time -> denied, not inconclusive", async () => {
    const { image, memory, signed, flood } = await trusted();
    scene().stack.signer.revokeJob(signed.jobArn);
    await flood();
    proxy().behave(delay(250));

    const verdict = await (await anotherJudge(memory, { deadlineMs: 3000 }))(image);

    assert.equal(verdict.status, "denied", verdict.detail);
  });

  it("the registry fails for the remembered signature -> inconclusive, not denied", async () => {
    const { image, memory, flood } = await trusted();
    const [remembered = ""] = await memory.recall({
      repository: `${proxy().address}/${image.repository.name}`,
      digest: image.descriptor.digest,
    });
    await flood();
    proxy().behave(only({ path: new RegExp(remembered) }, answer(503)));

    const verdict = await (await anotherJudge(memory))(image);

    assert.equal(`${verdict.status} ${verdict.code}`, "inconclusive registry-unavailable", verdict.detail);
  });

  it("Signer fails for the remembered signature, beside revoked ones of another version -> inconclusive", async () => {
    const { image, memory } = await trusted();
    const { signer } = scene().stack;
    const { versionArn: profileVersionArn } = scene().release;
    const later = signer.putProfile("release");
    for (let copy = 0; copy < 8; copy += 1) signer.revokeJob((await scene().sign(image, {}, later)).jobArn);
    signer.failWith({ status: 500, type: "InternalServiceErrorException", profileVersionArn });

    const verdict = await (await anotherJudge(memory))(image);

    assert.equal(`${verdict.status} ${verdict.code}`, "inconclusive signer-unavailable", verdict.detail);
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
