import assert from "node:assert/strict";
import { delay, endlessReferrers, only, paths } from "../../local/registry-proxy";
import { pushJunkSignatures } from "../../local/signatures";
import { makeChain } from "../../local/signer/certificates";
import { expectVerdict } from "./support/expect-verdict";
import { useRegistryProxy } from "./support/registry-proxy";
import { type SceneImage, useScene } from "./support/scene";

describe("contract: too many signatures (24)", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);

  it("24a: 105 junk signatures -> denied too-many-signatures, 50 are tried, Signer is not asked", async () => {
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 105);

    await isTooMany(image);
  });

  it("24b: 105 signatures of a stranger -> denied too-many-signatures, 50 are tried, Signer is not asked", async () => {
    const image = await scene().image();
    const { envelope } = scene().makeSignature(image, await makeChain());
    await pushJunkSignatures(image.repository, image.descriptor, 105, envelope);

    await isTooMany(image);
  });

  it("24c: a good signature after 49 junk ones -> trusted; after 50 -> denied too-many-signatures", async () => {
    const [image, buried] = [await scene().image(), await scene().image()];
    await pushJunkSignatures(image.repository, image.descriptor, 49);
    await pushJunkSignatures(buried.repository, buried.descriptor, 50);
    await Promise.all([scene().sign(image), scene().sign(buried)]);
    const limit = { cli: "agrees", maxSignatures: 50 } as const;

    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", limit);
    await expectVerdict(scene().verifiers, buried.reference, "denied too-many-signatures", limit);
  });

  it("24d: junk signatures that use up the deadline -> denied too-many-signatures, in time", async () => {
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 40);
    proxy().behave(only({ path: paths.blobs }, delay(400)));

    const { milliseconds } = await expectVerdict(
      scene().verifiers,
      proxy.referenceOf(image),
      "denied too-many-signatures",
      {
        cli: "not asked",
        deadlineMs: 1000,
      },
    );

    assert.ok(milliseconds < 3000, `${milliseconds} ms`);
  });

  for (const entriesPerPage of [0, 10]) {
    it(`24e: a list of signatures without end, ${entriesPerPage} a page -> denied too-many-signatures`, async () => {
      const image = await scene().image();
      proxy().behave(endlessReferrers(entriesPerPage));

      await expectVerdict(scene().verifiers, proxy.referenceOf(image), "denied too-many-signatures", {
        cli: "not asked",
      });
    });
  }

  async function isTooMany(image: SceneImage): Promise<void> {
    const requestsBefore = proxy().requests.length;
    const { facts, signerCalls } = await expectVerdict(
      scene().verifiers,
      proxy.referenceOf(image),
      "denied too-many-signatures",
      { cli: "not asked", deadlineMs: 10_000 },
    );

    // The image, the list, and a manifest and an envelope for each.
    assert.ok(proxy().requests.length - requestsBefore <= 2 + 2 * 50, `${proxy().requests.length} requests`);
    assert.equal(facts.signatures.length, 50);
    assert.equal(signerCalls, 0);
    await expectVerdict(scene().verifiers, image.reference, "denied too-many-signatures", {
      cli: "agrees",
      maxSignatures: 50,
    });
  }
});
