import { imageManifestMediaType } from "../../local/images";
import { pushBlob } from "../../local/registry-client";
import { pushReferrersTag } from "../../local/signatures";
import { useDockerRegistry } from "./support/docker-registry";
import { expectVerdict } from "./support/expect-verdict";
import { useScene } from "./support/scene";

/**
 * A publisher, who has no say in how the registry runs, pushes one blob and one image index. CNCF distribution (registry:2)
 * serves linked blobs under /manifests/ as well, and answers 500 for one whose `schemaVersion` it does not know.
 */
describe("contract: a registry that answers 500 for what a publisher has pushed", () => {
  const scene = useScene(useDockerRegistry());

  for (const contents of ['{"schemaVersion":7}', "not JSON"]) {
    it(`an unsigned image whose list names the blob ${contents} as a signature -> denied`, async () => {
      const { repository, descriptor, reference } = await scene().image();
      const blob = await pushBlob(repository, imageManifestMediaType, Buffer.from(contents));
      await pushReferrersTag(repository, descriptor, [blob]);

      await expectVerdict(scene().verifiers, reference, "denied signature-unreadable", { cli: "not asked" });
    });
  }

  it("an image whose only signature is revoked, with the same blob beside it -> denied signature-revoked", async () => {
    const image = await scene().image();
    const { envelope, jobArn } = scene().makeSignature(image);
    scene().stack.signer.revokeJob(jobArn);
    const signature = await scene().push(image, envelope);
    const blob = await pushBlob(image.repository, imageManifestMediaType, Buffer.from('{"schemaVersion":7}'));
    await pushReferrersTag(image.repository, image.descriptor, [signature, blob]);

    await expectVerdict(scene().verifiers, image.reference, "denied signature-revoked", { cli: "not asked" });
  });
});
