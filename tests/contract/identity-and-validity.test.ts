import assert from "node:assert/strict";
import { makeChain } from "../../local/signer/certificates";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, useScene } from "./support/scene";

describe("contract: identity and validity", () => {
  const scene = useScene();

  it("1: one valid signature, by digest -> trusted signature-valid, with the evidence", async () => {
    const image = await scene().image();
    const signed = await scene().sign(image);

    const { judgement, signerCalls } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "trusted signature-valid",
      { cli: "agrees" },
    );

    const { digest: _, ...evidence } = judgement.signature ?? { digest: "" };
    assert.deepEqual(evidence, {
      profileVersion: scene().release.versionArn,
      job: signed.jobArn,
      signingTime: rfc3339(signed.signingTime),
      expiry: rfc3339(signed.expiry),
    });
    assert.equal(judgement.digest, image.descriptor.digest);
    assert.equal(signerCalls, 1);
  });

  it("2: the same by tag -> trusted, digest filled in", async () => {
    const image = await scene().image();
    await scene().sign(image);

    const { judgement } = await expectVerdict(scene().verifiers, image.taggedReference, "trusted signature-valid", {
      cli: "agrees",
    });

    assert.equal(judgement.digest, image.descriptor.digest);
  });

  it("3a: identity is the ARN of the profile version -> trusted", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const trust = scene().trust({ identities: [scene().release.versionArn] });

    const verifiers = await scene().startVerifiers({}, trust);

    await expectVerdict(verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });

  it("3b: the profile's name in other letter case -> denied identity-not-trusted: it is another profile", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const identities = [scene().release.arn.replace(/release$/, "RELEASE")];

    const verifiers = await scene().startVerifiers({}, scene().trust({ identities }));

    // The plugin ignores case.
    const { signerCalls } = await expectVerdict(verifiers, image.reference, "denied identity-not-trusted", {
      cli: "disagrees",
    });
    assert.equal(signerCalls, 0);
  });

  it("3c: identity is the ARN of another version of the profile -> denied identity-not-trusted", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const identities = [`${scene().release.arn}/abcdefgh12`];

    const verifiers = await scene().startVerifiers({}, scene().trust({ identities }));

    await expectVerdict(verifiers, image.reference, "denied identity-not-trusted", { cli: "agrees" });
  });

  it("4: no signature -> denied no-signature", async () => {
    const image = await scene().image();

    await expectVerdict(scene().verifiers, image.reference, "denied no-signature", { cli: "agrees" });
  });

  it("5: signed by a profile that is not listed -> denied identity-not-trusted, Signer is not asked", async () => {
    const image = await scene().image();
    await scene().sign(image, {}, scene().foreign);

    const { judgement, signerCalls } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "denied identity-not-trusted",
      { cli: "agrees" },
    );

    assert.equal(judgement.signature?.profileVersion, scene().foreign.versionArn);
    assert.equal(signerCalls, 0);
  });

  it("6: signature expired -> denied signature-expired", async () => {
    const image = await scene().image();
    await scene().sign(image, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });

    await expectVerdict(scene().verifiers, image.reference, "denied signature-expired", { cli: "agrees" });
  });

  it("7: leaf expired now, valid at signing time -> trusted", async () => {
    const image = await scene().image();
    const leaf = await scene().stack.signer.issueLeaf({ validity: lastWeek() });
    await scene().sign(image, { ...leaf, signingTime: daysFromNow(-4) });

    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });

  it("8a: leaf expired before signing -> denied certificate-not-valid", async () => {
    const image = await scene().image();
    const leaf = await scene().stack.signer.issueLeaf({ validity: lastWeek() });
    await scene().sign(image, { ...leaf, signingTime: daysFromNow(-1) });

    await expectVerdict(scene().verifiers, image.reference, "denied certificate-not-valid", { cli: "agrees" });
  });

  it("8b: leaf not yet valid at signing -> denied certificate-not-valid", async () => {
    const image = await scene().image();
    const leaf = await scene().stack.signer.issueLeaf({ validity: lastWeek() });
    await scene().sign(image, { ...leaf, signingTime: daysFromNow(-9) });

    await expectVerdict(scene().verifiers, image.reference, "denied certificate-not-valid", { cli: "agrees" });
  });

  it("15: chain to another root -> denied untrusted-root, Signer is not asked", async () => {
    const image = await scene().image();
    const chain = await makeChain();
    await scene().sign(image, chain);

    const { judgement, signerCalls } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "denied untrusted-root",
      { cli: "agrees" },
    );

    assert.deepEqual(Object.keys(judgement.signature ?? {}), ["digest"], "what nobody vouches for is not shown");
    assert.equal(signerCalls, 0);
  });

  it("19a: no verification plugin named -> denied identity-not-trusted", async () => {
    const image = await scene().image();
    await scene().sign(image, { plugin: null, profileVersion: null, job: null });

    await expectVerdict(scene().verifiers, image.reference, "denied identity-not-trusted", { cli: "agrees" });
  });

  it("19b: scheme notary.x509 -> denied untrusted-root", async () => {
    const image = await scene().image();
    await scene().sign(image, { scheme: "notary.x509" });

    await expectVerdict(scene().verifiers, image.reference, "denied untrusted-root", { cli: "agrees" });
  });

  it("33: no statement covers the repository -> denied no-applicable-statement", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const trust = scene().trust({ repositories: [`${scene().registry}/another/repository`] });

    const verifiers = await scene().startVerifiers({}, trust);

    await expectVerdict(verifiers, image.reference, "denied no-applicable-statement", { cli: "agrees" });
  });
});

function lastWeek() {
  return { notBefore: daysFromNow(-7), notAfter: daysFromNow(-2) };
}

/** As the verdict shows times. */
function rfc3339(time: Date | undefined): string | undefined {
  return time?.toISOString().replace(".000Z", "Z");
}
