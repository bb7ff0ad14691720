import assert from "node:assert/strict";
import { pushJunkSignatures } from "../../local/signatures";
import { withOtherRoot, withTrailingSpace, withUnsignedHeader } from "../../local/signer/tamper";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";

/** How long Signer takes for an answer, in milliseconds. */
const SLOW = 400;

describe('contract: no "could not tell" for sale (38, 39)', () => {
  const scene = useScene();

  afterEach(() => {
    scene().stack.signer.failWith(undefined);
    scene().stack.signer.slowDown(0);
  });

  /** Signs an image and has the signing job revoked. */
  async function revokedImage(): Promise<SceneImage & { readonly envelope: Buffer }> {
    const image = await scene().image();
    const { envelope, jobArn } = scene().makeSignature(image);
    scene().stack.signer.revokeJob(jobArn);
    return { ...image, envelope };
  }

  const wrappings = (envelope: Buffer): Buffer[] => [
    ...Array.from({ length: 17 }, (_, index) => withTrailingSpace(envelope, index + 1)),
    ...Array.from({ length: 16 }, (_, index) =>
      withUnsignedHeader(envelope, "io.cncf.notary.signingAgent", `${index}`),
    ),
    ...Array.from({ length: 17 }, (_, index) => withTrailingSpace(withOtherRoot(envelope), index)),
  ];

  it("38a: one revoked signature under 50 manifests, Signer slow -> denied signature-revoked in under 3 s, asked once", async () => {
    const { envelope, ...image } = await revokedImage();
    await pushJunkSignatures(image.repository, image.descriptor, 50, envelope);
    scene().stack.signer.slowDown(SLOW);

    const { milliseconds, signerCalls } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "denied signature-revoked",
      { cli: "not asked" },
    );

    assert.ok(milliseconds < 3000, `${milliseconds} ms`);
    assert.equal(signerCalls, 1);
  });

  it("38b: one revoked signature in 50 wrappings, Signer slow -> denied signature-revoked in under 3 s, asked once", async () => {
    const { envelope, ...image } = await revokedImage();
    for (const wrapped of wrappings(envelope)) await scene().push(image, wrapped);
    scene().stack.signer.slowDown(SLOW);

    const { milliseconds, signerCalls, facts } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "denied signature-revoked",
      { cli: "not asked" },
    );

    assert.ok(milliseconds < 3000, `${milliseconds} ms`);
    assert.equal(signerCalls, 1);
    assert.equal(facts.signatures.length, 50);
    assert.ok(
      facts.signatures.every(({ check }) => check === "revocation"),
      "each wrapping verifies",
    );
  });

  it("38c: the same, and Signer throttles three of its answers -> denied signature-revoked in under 3 s", async () => {
    const { envelope, ...image } = await revokedImage();
    await pushJunkSignatures(image.repository, image.descriptor, 50, envelope);
    scene().stack.signer.failWith({ status: 429, type: "TooManyRequestsException", times: 3 });

    const { milliseconds } = await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", {
      cli: "not asked",
    });

    assert.ok(milliseconds < 3000, `${milliseconds} ms`);
  });

  it("38d: what was revoked once stays so for the process, also while Signer is down", async () => {
    const { envelope, ...image } = await revokedImage();
    await scene().push(image, envelope);
    await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", { cli: "agrees" });
    scene().stack.signer.failWith({ status: 500, type: "InternalServiceErrorException" });

    const { signerCalls } = await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", {
      cli: "not asked",
    });

    assert.equal(signerCalls, 0);
  });

  it("38e: a good signature behind 40 wrappings of a revoked one -> trusted", async () => {
    const { envelope, ...image } = await revokedImage();
    for (const wrapped of wrappings(envelope).slice(0, 40)) await scene().push(image, wrapped);
    await scene().sign(image);

    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });

  it("38f: a wrapping of the good signature that does not hold, before the good one -> trusted", async () => {
    const image = await scene().image();
    const { envelope } = scene().makeSignature(image);
    const chainless = withUnsignedHeader(envelope, "x5c", []);
    await scene().push(image, chainless);
    await scene().push(image, envelope);

    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
  });

  it("39: 30 different revoked signatures of the listed profile, Signer slow -> denied in under 5 s, asked five times", async () => {
    const image = await scene().image();
    for (let index = 0; index < 30; index += 1) {
      const signed = await scene().sign(image, { signingTime: daysFromNow(-index - 1) });
      scene().stack.signer.revokeJob(signed.jobArn);
    }
    scene().stack.signer.slowDown(SLOW);

    const { milliseconds, signerCalls } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "denied too-many-signatures",
      { cli: "not asked", detail: /have been revoked/ },
    );

    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
    assert.equal(signerCalls, 5);
  });

  it("39b: the newest of several signatures is asked about first, and alone if it is valid", async () => {
    const image = await scene().image();
    const newest = await scene().sign(image, { signingTime: daysFromNow(-1) });
    for (const age of [4, 3, 2]) {
      const old = await scene().sign(image, { signingTime: daysFromNow(-age) });
      scene().stack.signer.revokeJob(old.jobArn);
    }

    const { signerCalls, judgement } = await expectVerdict(
      scene().verifiers,
      image.reference,
      "trusted signature-valid",
      { cli: "agrees" },
    );

    assert.equal(signerCalls, 1);
    assert.equal(judgement.signature?.job, newest.jobArn);
  });

  it("43: a listed profile of another region -> trusted, and Signer of that region is asked", async () => {
    const profile = scene().release.versionArn.replace(scene().stack.signer.region, "eu-central-1");
    const trust = scene().trust({ identities: [profile.slice(0, profile.lastIndexOf("/"))] });
    const verifiers = await scene().startVerifiers({}, trust);
    const image = await scene().image();
    await scene().sign(image, { profileVersion: profile });
    const before = scene().stack.signer.requests.length;

    await expectVerdict(verifiers, image.reference, "trusted signature-valid", { cli: "not asked" });

    const regions = scene()
      .stack.signer.requests.slice(before)
      .map(({ headers }) => /Credential=[^/]+\/\d+\/([a-z0-9-]+)\//.exec(headers.authorization ?? "")?.[1]);
    assert.deepEqual(regions, ["eu-central-1"]);
  });
});
