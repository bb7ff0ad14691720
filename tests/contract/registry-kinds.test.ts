import { imageIndexMediaType } from "../../local/images";
import { pushManifest } from "../../local/registry-client";
import { pushJunkSignatures, pushReferrersTag, signatureArtifactType } from "../../local/signatures";
import { makeChain } from "../../local/signer/certificates";
import { useDockerRegistry } from "./support/docker-registry";
import { expectVerdict } from "./support/expect-verdict";
import { type Scene, useScene } from "./support/scene";

describe("contract: registry without the referrers API (tag schema)", () => {
  const scene = useScene({ referrers: false });

  mainScenarios(scene);
});

describe("contract: Debian's docker-registry (tag schema)", () => {
  const scene = useScene(useDockerRegistry());

  mainScenarios(scene);
});

/** Registries with the referrers API have all scenarios in the other files. */
function mainScenarios(scene: () => Scene): void {
  it("35, 1: one valid signature -> trusted signature-valid", async () => {
    const image = await scene().image();
    await scene().sign(image);

    await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
    await expectVerdict(scene().verifiers, image.taggedReference, "trusted signature-valid", { cli: "agrees" });
  });

  it("35, 4: no signature -> denied no-signature", async () => {
    const image = await scene().image();

    await expectVerdict(scene().verifiers, image.reference, "denied no-signature", { cli: "agrees" });
  });

  it("35, 5: signed by a profile that is not listed -> denied identity-not-trusted", async () => {
    const image = await scene().image();
    await scene().sign(image, {}, scene().foreign);

    await expectVerdict(scene().verifiers, image.reference, "denied identity-not-trusted", { cli: "agrees" });
  });

  it("35, 9: signing job revoked -> denied signature-revoked", async () => {
    const image = await scene().image();
    const { jobArn } = await scene().sign(image);
    scene().stack.signer.revokeJob(jobArn);

    await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", { cli: "agrees" });
  });

  it("35, 20: a bad and a good signature, in both orders -> trusted", async () => {
    const stranger = await makeChain();
    for (const overrides of [
      [stranger, {}],
      [{}, stranger],
    ]) {
      const image = await scene().image();
      for (const override of overrides) await scene().sign(image, override);

      await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
    }
  });

  it("35, 24: 105 junk signatures -> denied too-many-signatures", async () => {
    const { repository, descriptor, reference } = await scene().image();
    await pushReferrersTag(repository, descriptor, await pushJunkSignatures(repository, descriptor, 105));

    await expectVerdict(scene().verifiers, reference, "denied too-many-signatures", {
      cli: "agrees",
      maxSignatures: 50,
    });
  });

  it("41: a list with an entry of a million URLs, pushed as an image index -> denied too-many-signatures", async () => {
    const { repository, descriptor, reference } = await scene().image();
    const entry = { ...descriptor, artifactType: signatureArtifactType, urls: Array(1_000_000).fill("") };
    const index = { schemaVersion: 2, mediaType: imageIndexMediaType, manifests: [entry] };
    await pushManifest(repository, index, descriptor.digest.replace(":", "-"));

    await expectVerdict(scene().verifiers, reference, "denied too-many-signatures", { cli: "not asked" });
  });
}
