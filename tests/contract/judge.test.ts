import assert from "node:assert/strict";
import type { ResolvedTrustDocument } from "../../trust";
import type { Judge } from "../../verifier/src/verification/judge";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { judgeImages } from "./support/judge-images";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";

describe("contract: the judge with the real process", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  const judgeWith = (trust: ResolvedTrustDocument): Judge =>
    judgeImages(scene().verifiers, trust, {
      cache: verdictCache({ trustedTtlMs: 300_000, max: 100, now: Date.now }),
      deadlineMs: 10_000,
    });

  it("1: by digest -> trusted, not provisional; again -> from the cache", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const judge = judgeWith(scene().trust());
    const callsBefore = scene().verifiers.signerCalls();

    const verdicts = [await judge(referenceSubject(image.reference)), await judge(referenceSubject(image.reference))];

    for (const { status, code, digest, provisional, reference } of verdicts) {
      assert.deepEqual(
        { status, code, digest, provisional, reference },
        {
          status: "trusted",
          code: "signature-valid",
          digest: image.descriptor.digest,
          provisional: false,
          reference: image.reference,
        },
      );
    }
    assert.equal(scene().verifiers.signerCalls() - callsBefore, 1);
  });

  it("2: by tag -> trusted, digest filled in, marked provisional", async () => {
    const image = await scene().image();
    const signed = await scene().sign(image);

    const verdict = await judgeWith(scene().trust())(referenceSubject(image.taggedReference));

    assert.equal(verdict.status, "trusted", verdict.detail);
    assert.equal(verdict.provisional, true);
    assert.equal(verdict.digest, image.descriptor.digest);
    assert.equal(verdict.reference, image.taggedReference);
    assert.equal(verdict.signature?.job, signed.jobArn);
  });

  it("36: registry not in the trust document -> denied registry-not-allowed, the registry is never contacted", async () => {
    const image = await scene().image();
    await scene().sign(image);

    const verdict = await judgeWith(scene().trust())(referenceSubject(proxy.referenceOf(image)));

    assert.equal(`${verdict.status} ${verdict.code}`, "denied registry-not-allowed", verdict.detail);
    assert.match(verdict.detail, new RegExp(proxy().address));
    assert.deepEqual(proxy().requests, []);
  });

  it("33: no statement covers the repository -> denied no-applicable-statement", async () => {
    const image = await scene().image();
    const trust = scene().trust({ repositories: [`${scene().registry}/another/repository`] });

    const verdict = await judgeWith(trust)(referenceSubject(image.reference));

    assert.equal(`${verdict.status} ${verdict.code}`, "denied no-applicable-statement", verdict.detail);
  });
});
