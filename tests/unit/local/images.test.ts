import assert from "node:assert/strict";
import type { Descriptor } from "../../../local/descriptor";
import { pushImage, pushImageIndex } from "../../../local/images";
import { deleteBlob, deleteManifest, pull, type Repository } from "../../../local/registry-client";
import { pushJunkSignatures, pushReferrersTag, pushSignature } from "../../../local/signatures";
import { type StubRegistry, startStubRegistry } from "./stub-registry";

interface Manifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject: Descriptor;
  readonly manifests: readonly (Descriptor & { platform?: unknown; artifactType?: string })[];
}

const envelope = Buffer.from("an envelope");

describe("what is pushed to a registry", () => {
  let registry: StubRegistry;
  let repository: Repository;

  beforeEach(async () => {
    registry = await startStubRegistry();
    repository = { url: `http://${registry.address}`, name: "team/app" };
  });

  afterEach(() => registry.close());

  async function manifest({ digest, size }: Descriptor): Promise<Manifest> {
    const bytes = await pull(repository, "manifests", digest);
    assert.equal(bytes.length, size);
    return JSON.parse(bytes.toString());
  }

  describe("an image", () => {
    it("is complete, under its digest and its tag", async () => {
      const image = await pushImage(repository, { seed: "one", tag: "v1" });

      const { mediaType, config, layers } = await manifest(image);
      assert.equal(mediaType, image.mediaType);
      for (const part of [config, ...layers]) {
        assert.equal((await pull(repository, "blobs", part.digest)).length, part.size);
      }
      assert.deepEqual(
        registry.content.get("team/app/manifests/v1"),
        registry.content.get(`team/app/manifests/${image.digest}`),
      );
    });

    it("has the same digest for the same seed, another one for another", async () => {
      const [first, again, other] = await Promise.all(
        ["one", "one", "two"].map((seed) => pushImage(repository, { seed })),
      );

      assert.deepEqual(first, again);
      assert.notEqual(first?.digest, other?.digest);
    });

    it("of two platforms is an index of two manifests", async () => {
      const { index, manifests } = await pushImageIndex(repository, { seed: "one", tag: "v1" });

      const listed = (await manifest(index)).manifests;
      assert.deepEqual(
        listed.map(({ platform, ...descriptor }) => [descriptor, platform]),
        [
          [manifests[0], { os: "linux", architecture: "amd64" }],
          [manifests[1], { os: "linux", architecture: "arm64" }],
        ],
      );
      assert.notEqual(manifests[0]?.digest, manifests[1]?.digest);
      assert.ok(registry.content.has("team/app/manifests/v1"));
    });
  });

  describe("a signature", () => {
    let image: Descriptor;

    beforeEach(async () => {
      image = await pushImage(repository, { seed: "signed" });
    });

    it("is an artifact with the envelope as its layer and the image as its subject", async () => {
      const { mediaType, config, layers, subject } = await manifest(await pushSignature(repository, image, envelope));

      assert.equal(mediaType, "application/vnd.oci.image.manifest.v1+json");
      assert.equal(config.mediaType, "application/vnd.cncf.notary.signature");
      assert.deepEqual(subject, image);
      assert.deepEqual(
        layers.map((layer) => layer.mediaType),
        ["application/jose+json"],
      );
      assert.deepEqual(await pull(repository, "blobs", layers[0]?.digest ?? ""), envelope);
    });

    it("can lack its envelope, from the start or later", async () => {
      const [never] = (await manifest(await pushSignature(repository, image, envelope, { withoutBlob: true }))).layers;
      await assert.rejects(pull(repository, "blobs", never?.digest ?? ""), /404/);

      const signature = await pushSignature(repository, image, envelope);
      await deleteBlob(repository, never?.digest ?? "");
      await assert.rejects(pull(repository, "blobs", never?.digest ?? ""), /404/);
      await deleteManifest(repository, signature.digest);
      await assert.rejects(manifest(signature), /404/);
    });

    it("can lie about envelope and subject", async () => {
      const other = await pushImage(repository, { seed: "other" });

      const signature = await pushSignature(repository, image, envelope, { layer: { size: 3 }, subject: other });

      const { layers, subject } = await manifest(signature);
      assert.equal(layers[0]?.size, 3);
      assert.deepEqual(subject, other);
    });

    it("that is junk comes by the hundred, with one request each", async () => {
      const before = registry.requests.length;

      const junk = await pushJunkSignatures(repository, image, 105);

      assert.equal(new Set(junk.map(({ digest }) => digest)).size, 105);
      assert.equal(registry.requests.length - before, 105 + 4);
      assert.deepEqual((await manifest(junk[104] ?? image)).subject, image);
    });

    it("is listed under the tag that is made of the image's digest", async () => {
      const signature = await pushSignature(repository, image, envelope);

      const index = await pushReferrersTag(repository, image, [signature]);

      assert.deepEqual((await manifest(index)).manifests, [
        { ...signature, artifactType: "application/vnd.cncf.notary.signature" },
      ]);
      assert.ok(registry.content.has(`team/app/manifests/${image.digest.replace(":", "-")}`));
    });
  });

  it("is refused with the registry's own words", async () => {
    await assert.rejects(
      deleteBlob(repository, "sha256:0"),
      new RegExp(`^Error: DELETE http://${registry.address}/v2/team/app/blobs/sha256:0 was answered with 404: $`),
    );
  });
});
