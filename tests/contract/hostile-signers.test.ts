import assert from "node:assert/strict";
import type { SigningProfile } from "../../local/signer/profiles";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { judgeImages } from "./support/judge-images";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

/** An attacker signs with CI's profile, and pushes what they like. What they do not have is the approval. */
describe("contract: without the approval no image is trusted", () => {
  const scene = useScene();
  let approval: SigningProfile;
  before(() => {
    approval = scene().stack.signer.putProfile("approval");
  });

  type Push = (beside: SceneImage, elsewhere: SceneImage) => Promise<unknown>;

  const requireBoth = () => [
    { identities: [scene().release.arn], atLeast: 1 },
    { identities: [approval.arn], atLeast: 1 },
  ];

  const isJudged = async (push: Push, expected: string) => {
    const image = await scene().image();
    const name = `${image.repository.name}-source`;
    const trust = scene().trust({
      repositories: [`${scene().registry}/${image.repository.name}`],
      require: requireBoth(),
      maxAgeDays: 100,
      signaturesFrom: `${scene().registry}/${name}`,
    });
    const verifiers = await scene().startVerifiers({}, trust);
    await scene().sign(image);
    await push(image, { ...image, repository: { ...image.repository, name } });

    const verdict = await judgeImages(verifiers, trust)(referenceSubject(image.reference));

    assert.equal(`${verdict.status} ${verdict.code}`, expected, verdict.detail);
  };

  const isDenied = (push: Push) => isJudged(push, "denied signers-missing");

  /** The same signed content in another envelope. */
  const rewrap = (envelope: Buffer, number: number) => {
    const parsed = JSON.parse(envelope.toString());
    const header = { ...parsed.header, "io.cncf.notary.signingAgent": `agent ${number}` };
    return Buffer.from(`${JSON.stringify({ ...parsed, header })}${" ".repeat(number)}`);
  };

  /** An envelope that has every part twice, under keys that JSON parsers may take for one. */
  const mix = (one: Buffer, other: Buffer) => {
    const [a, b] = [JSON.parse(one.toString()), JSON.parse(other.toString())];
    const pairs = ["payload", "protected", "signature"].flatMap((key) => [
      `${JSON.stringify(key)}:${JSON.stringify(a[key])}`,
      `${JSON.stringify(key.toUpperCase())}:${JSON.stringify(b[key])}`,
    ]);
    return Buffer.from(`{${pairs.join()},"header":${JSON.stringify(b.header)}}`);
  };

  it("but with an approval that lies elsewhere it is: the document of these tests can be fulfilled", () =>
    isJudged(
      (_beside, elsewhere) => scene().push(elsewhere, scene().makeSignature(elsewhere, {}, approval).envelope),
      "trusted signature-valid",
    ));

  it("copies of CI's signature, wrapped again, in both repositories", () =>
    isDenied(async (beside, elsewhere) => {
      const { envelope } = scene().makeSignature(beside);
      for (const number of [1, 2, 3]) {
        await scene().push(beside, rewrap(envelope, number));
        await scene().push(elsewhere, rewrap(envelope, number));
      }
    }));

  it("the approval of another image", () =>
    isDenied(async (beside, elsewhere) => {
      const other = await scene().image();
      const { envelope } = scene().makeSignature(other, {}, approval);
      await scene().push(beside, envelope);
      await scene().push(elsewhere, envelope);
    }));

  it("a revoked approval, alone and mixed with CI's signature in one envelope", () =>
    isDenied(async (beside) => {
      const { envelope } = scene().makeSignature(beside);
      const revoked = scene().makeSignature(beside, {}, approval);
      scene().stack.signer.revokeJob(revoked.jobArn);
      await scene().push(beside, revoked.envelope);
      await scene().push(beside, mix(envelope, revoked.envelope));
      await scene().push(beside, mix(revoked.envelope, envelope));
    }));

  it("approvals that are too old, have expired, or are by a profile of another account or a similar name", () =>
    isDenied(async (beside, elsewhere) => {
      const { signer } = scene().stack;
      await scene().sign(beside, { signingTime: daysFromNow(-101) }, approval);
      await scene().sign(beside, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) }, approval);
      await scene().sign(elsewhere, {}, signer.putProfile("approval", { account: "999988887777" }));
      await scene().sign(elsewhere, {}, signer.putProfile("Approval"));
      await scene().sign(elsewhere, {}, signer.putProfile("approval_"));
    }));

  it("Signer hangs for CI's signature: not inconclusive, since it would not be enough", async () => {
    const trust = scene().trust({ require: requireBoth() });
    const verifiers = await scene().startVerifiers({}, trust);
    const image = await scene().image();
    await scene().sign(image);
    scene().stack.signer.failWith("hang");

    const judge = judgeImages(verifiers, trust, { deadlineMs: 2000 });
    const verdict = await judge(referenceSubject(image.reference));

    scene().stack.signer.failWith(undefined);
    assert.equal(`${verdict.status} ${verdict.code}`, "denied signers-missing", verdict.detail);
  });

  it("but CI cannot keep the approval from counting: 25 newer signatures, by five versions -> trusted", async () => {
    const trust = scene().trust({ require: requireBoth() });
    const verifiers = await scene().startVerifiers({}, trust);
    const image = await scene().image();
    await scene().sign(image, { signingTime: daysFromNow(-1) }, approval);
    for (let version = 0; version < 5; version += 1) {
      const ci = scene().stack.signer.putProfile("release");
      for (let copy = 0; copy < 5; copy += 1) await scene().sign(image, {}, ci);
    }

    const verdict = await judgeImages(verifiers, trust)(referenceSubject(image.reference));

    assert.equal(verdict.code, "signature-valid", verdict.detail);
  });
});
