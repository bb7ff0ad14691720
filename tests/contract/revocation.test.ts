import assert from "node:assert/strict";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

describe("contract: revocation", () => {
  const scene = useScene();
  /** Without the AWS SDK's retries, which take seconds. */
  let atOnce: Verifiers;

  before(async () => {
    atOnce = await scene().startVerifiers({ environment: { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" } });
  });
  afterEach(() => scene().stack.signer.failWith(undefined));

  const signedImage = async () => {
    const image = await scene().image();
    return { ...image, signed: await scene().sign(image) };
  };

  it("9a: signing profile version revoked -> denied signature-revoked, naming it", async () => {
    const { signer } = scene().stack;
    const profile = signer.putProfile("withdrawn");
    const verifiers = await scene().startVerifiers({}, scene().trust({ identities: [profile.arn] }));
    const image = await scene().image();
    await scene().sign(image, {}, profile);
    signer.revokeProfileVersion(profile.versionArn, daysFromNow(-1));

    await expectVerdict(verifiers, image.reference, "denied signature-revoked", {
      cli: "agrees",
      detail: new RegExp(`${profile.versionArn} have been revoked`),
    });
  });

  it("9b: signing job revoked -> denied signature-revoked, naming it", async () => {
    const { reference, signed } = await signedImage();
    scene().stack.signer.revokeJob(signed.jobArn);

    const { judgement } = await expectVerdict(scene().verifiers, reference, "denied signature-revoked", {
      cli: "agrees",
      detail: new RegExp(`${signed.jobArn} have been revoked`),
    });

    assert.equal(judgement.signature?.job, signed.jobArn);
  });

  it("9c: certificate revoked -> denied signature-revoked, naming it", async () => {
    const { signer } = scene().stack;
    const image = await scene().image();
    const leaf = await signer.issueLeaf();
    await scene().sign(image, leaf);
    signer.revokeCertificate(leaf.chain);

    await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", {
      cli: "agrees",
      detail: /Certificate\(s\) have been revoked/,
    });
  });

  it("9d: profile version revoked from a time after the signing on -> trusted", async () => {
    const { signer } = scene().stack;
    const profile = signer.putProfile("withdrawn_later");
    const verifiers = await scene().startVerifiers({}, scene().trust({ identities: [profile.arn] }));
    const image = await scene().image();
    await scene().sign(image, { signingTime: daysFromNow(-2) }, profile);
    signer.revokeProfileVersion(profile.versionArn, daysFromNow(-1));

    await expectVerdict(verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });

  it("9e: revoked after it was trusted -> denied by the same process", async () => {
    const { reference, signed } = await signedImage();
    await expectVerdict(scene().verifiers, reference, "trusted signature-valid", { cli: "agrees" });

    scene().stack.signer.revokeJob(signed.jobArn);

    await expectVerdict(scene().verifiers, reference, "denied signature-revoked", { cli: "agrees" });
  });

  it("23: identity not listed while Signer is down -> denied identity-not-trusted, Signer is not asked", async () => {
    const image = await scene().image();
    await scene().sign(image, {}, scene().foreign);
    scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException" });

    const { signerCalls } = await expectVerdict(atOnce, image.reference, "denied identity-not-trusted", {
      cli: "agrees",
      detail:
        /^signed by arn:aws:signer:.*:999988887777:.*, which the statement "release" does not list; it lists arn:/,
    });

    assert.equal(signerCalls, 0);
  });

  it("23b: signature copied from another image while Signer is down -> denied signature-invalid", async () => {
    const [image, other] = [await scene().image(), await scene().image()];
    await scene().push(image, scene().makeSignature(other).envelope);
    scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException" });

    await expectVerdict(atOnce, image.reference, "denied signature-invalid", { cli: "agrees" });
  });
});
