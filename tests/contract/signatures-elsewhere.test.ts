import assert from "node:assert/strict";
import { answer } from "../../local/registry-proxy";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { judgeImages } from "./support/judge-images";
import { useRegistryProxy } from "./support/registry-proxy";
import { type SceneImage, useScene } from "./support/scene";

describe("contract: signatures elsewhere (46, 47)", () => {
  const scene = useScene();
  /** Stands before the registry that has the signatures elsewhere. */
  const proxy = useRegistryProxy(scene);

  /** An image, and the place of the same image in the repository that it was copied from. */
  const mirrored = async () => {
    const image = await scene().image();
    const source = { ...image, repository: { ...image.repository, name: `${image.repository.name}-source` } };
    return { image, source };
  };
  const judge = async (image: SceneImage, source: SceneImage) => {
    const trust = scene().trust({
      repositories: [`${scene().registry}/${image.repository.name}`],
      signaturesFrom: `${proxy().address}/${source.repository.name}`,
    });
    const verifiers = await scene().startVerifiers({}, trust);
    const verdict = await judgeImages(verifiers, trust)(referenceSubject(image.reference));
    return { verdict, text: `${verdict.status} ${verdict.code}` };
  };
  const isUnreachable = () => proxy().behave(answer(503));

  it("46a: valid elsewhere, and junk beside the image -> trusted", async () => {
    const { image, source } = await mirrored();
    await scene().push(image, Buffer.from("junk"));
    await scene().sign(source);

    const { verdict, text } = await judge(image, source);

    assert.equal(text, "trusted signature-valid", verdict.detail);
  });

  it("46b, 47: valid only elsewhere, as with a replica that has no signature yet -> trusted", async () => {
    const { image, source } = await mirrored();
    const signed = await scene().sign(source);

    const { verdict, text } = await judge(image, source);

    assert.equal(text, "trusted signature-valid", verdict.detail);
    assert.equal(verdict.signature?.job, signed.jobArn);
  });

  it("46c: none anywhere, or only one by somebody else -> denied", async () => {
    const { image, source } = await mirrored();
    assert.equal((await judge(image, source)).text, "denied no-signature");

    await scene().sign(source, {}, scene().foreign);

    assert.equal((await judge(image, source)).text, "denied identity-not-trusted");
  });

  it("46d: unreachable, and none beside the image -> inconclusive registry-unavailable, naming it", async () => {
    const { image, source } = await mirrored();
    isUnreachable();

    const { verdict, text } = await judge(image, source);

    assert.equal(text, "inconclusive registry-unavailable", verdict.detail);
    assert.match(verdict.detail, new RegExp(`${proxy().address}/${source.repository.name}`));
  });

  it("46e: unreachable, and a valid one beside the image -> trusted, without asking", async () => {
    const { image, source } = await mirrored();
    await scene().sign(image);
    isUnreachable();
    const before = proxy().requests.length;

    const { verdict, text } = await judge(image, source);

    assert.equal(text, "trusted signature-valid", verdict.detail);
    assert.equal(proxy().requests.length, before);
  });

  it("a signature elsewhere of another image -> denied signature-invalid", async () => {
    const { image, source } = await mirrored();
    const other = await scene().image();
    await scene().push(source, scene().makeSignature(other).envelope);

    assert.equal((await judge(image, source)).text, "denied signature-invalid");
  });

  it("required signers, one beside the image and one elsewhere -> trusted", async () => {
    const approval = scene().stack.signer.putProfile("approval");
    const { image, source } = await mirrored();
    await scene().sign(image);
    await scene().sign(source, {}, approval);
    const trust = scene().trust({
      repositories: [`${scene().registry}/${image.repository.name}`],
      require: [
        { identities: [scene().release.arn], atLeast: 1 },
        { identities: [approval.arn], atLeast: 1 },
      ],
      signaturesFrom: `${proxy().address}/${source.repository.name}`,
    });
    const verifiers = await scene().startVerifiers({}, trust);

    const verdict = await judgeImages(verifiers, trust)(referenceSubject(image.reference));

    assert.equal(verdict.code, "signature-valid", verdict.detail);
    assert.equal(verdict.counted?.length, 2);
  });
});
