import assert from "node:assert/strict";
import type { SigningProfile } from "../../local/signer/profiles";
import type { ResolvedTrustDocument } from "../../trust";
import { referenceSubject } from "../../verifier/src/verification/subject";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { judgeImages } from "./support/judge-images";
import { type SceneImage, useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

describe("contract: required signers (45)", () => {
  const scene = useScene();
  let approval: SigningProfile;
  let trust: ResolvedTrustDocument;
  /** Without the AWS SDK's retries, which take seconds. */
  let verifiers: Verifiers;

  before(async () => {
    const { signer, environment } = scene().stack;
    approval = signer.putProfile("approval");
    trust = scene().trust({
      require: [
        { identities: [scene().release.arn], atLeast: 1 },
        { identities: [approval.arn], atLeast: 1 },
      ],
    });
    verifiers = await scene().startVerifiers({ environment: { ...environment, AWS_MAX_ATTEMPTS: "1" } }, trust);
  });
  afterEach(() => scene().stack.signer.failWith(undefined));

  const judge = (image: SceneImage): Promise<Verdict> =>
    judgeImages(verifiers, trust)(referenceSubject(image.reference));
  const expectCode = (verdict: Verdict, expected: string) =>
    assert.equal(`${verdict.status} ${verdict.code}`, expected, verdict.detail);
  const signedBy = async (...profiles: readonly SigningProfile[]) => {
    const image = await scene().image();
    for (const profile of profiles) await scene().sign(image, {}, profile);
    return image;
  };

  it("45a: both have signed -> trusted, with both in the evidence, and one question to Signer for each", async () => {
    const image = await signedBy(scene().release, approval);
    const before = verifiers.signerCalls();

    const verdict = await judge(image);

    expectCode(verdict, "trusted signature-valid");
    assert.deepEqual(
      verdict.counted?.map(({ profileVersion }) => profileVersion).sort(),
      [approval.versionArn, scene().release.versionArn].sort(),
    );
    assert.equal(verifiers.signerCalls() - before, 2);
  });

  it("45b: one has signed twice -> denied signers-missing, and it is asked about once", async () => {
    const image = await signedBy(scene().release, scene().release);
    const before = verifiers.signerCalls();

    const verdict = await judge(image);

    expectCode(verdict, "denied signers-missing");
    assert.deepEqual(verdict.missing, [approval.arn]);
    assert.equal(verifiers.signerCalls() - before, 1);
  });

  it("45c: one is missing, beside a signature of somebody else -> denied signers-missing", async () => {
    expectCode(await judge(await signedBy(approval, scene().foreign)), "denied signers-missing");
  });

  it("45d: the signature of one is revoked -> denied signers-missing, naming it", async () => {
    const image = await signedBy(approval);
    const { jobArn } = await scene().sign(image);
    scene().stack.signer.revokeJob(jobArn);

    const verdict = await judge(image);

    expectCode(verdict, "denied signers-missing");
    assert.match(
      verdict.detail,
      new RegExp(`${scene().release.arn} does not count \\(signature-revoked\\).*${jobArn}`),
    );
  });

  it("45e: Signer is down for one -> inconclusive signer-unavailable", async () => {
    const image = await signedBy(scene().release, approval);
    const profileVersionArn = approval.versionArn;
    scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException", profileVersionArn });

    expectCode(await judge(image), "inconclusive signer-unavailable");
  });

  it("45f: Signer is down for one, and the other is missing -> denied signers-missing", async () => {
    const image = await signedBy(scene().release);
    scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException" });

    expectCode(await judge(image), "denied signers-missing");
  });

  it("nobody has signed -> denied no-signature; a revoked signature alone -> signature-revoked", async () => {
    const image = await signedBy();
    expectCode(await judge(image), "denied no-signature");

    const { jobArn } = await scene().sign(image);
    scene().stack.signer.revokeJob(jobArn);

    expectCode(await judge(image), "denied signature-revoked");
  });

  it("two of three: any two, and versions of a profile are one", async () => {
    const { signer } = scene().stack;
    const [one, two, three] = ["one_of_three", "two_of_three", "three_of_three"].map((name) => signer.putProfile(name));
    assert.ok(one && two && three);
    const required = scene().trust({
      require: [{ identities: [one.arn, two.arn, three.arn], atLeast: 2 }],
    });
    const started = await scene().startVerifiers({}, required);
    const ask = async (image: SceneImage) => judgeImages(started, required)(referenceSubject(image.reference));

    expectCode(await ask(await signedBy(one, three)), "trusted signature-valid");
    expectCode(await ask(await signedBy(two, signer.putProfile("two_of_three"))), "denied signers-missing");
  });
});
