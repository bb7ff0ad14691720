import { type Descriptor, sha256 } from "./descriptor";
import { pushBlob, pushManifest, type Repository } from "./registry-client";

export const imageManifestMediaType = "application/vnd.oci.image.manifest.v1+json";
export const imageIndexMediaType = "application/vnd.oci.image.index.v1+json";

const platforms = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64" },
] as const;

export interface ImageOptions {
  /** Images with different seeds have different digests. */
  readonly seed: string;
  readonly tag?: string;
}

/** A multi-platform image. */
export interface IndexedImage {
  readonly index: Descriptor;
  /** The manifests of its platforms: linux/amd64 and linux/arm64. */
  readonly manifests: readonly Descriptor[];
}

/** Pushes a small image with one empty layer, for linux/amd64. */
export function pushImage(repository: Repository, { seed, tag }: ImageOptions): Promise<Descriptor> {
  return pushPlatformImage(repository, platforms[0], seed, tag);
}

/** Pushes an image for two platforms. Only the index gets the tag. */
export async function pushImageIndex(repository: Repository, { seed, tag }: ImageOptions): Promise<IndexedImage> {
  const manifests = await Promise.all(platforms.map((platform) => pushPlatformImage(repository, platform, seed)));
  const index = {
    schemaVersion: 2,
    mediaType: imageIndexMediaType,
    manifests: manifests.map((manifest, position) => ({ ...manifest, platform: platforms[position] })),
  };
  return { index: await pushManifest(repository, index, tag), manifests };
}

async function pushPlatformImage(
  repository: Repository,
  platform: (typeof platforms)[number],
  seed: string,
  tag?: string,
): Promise<Descriptor> {
  // An empty tar archive is two empty blocks.
  const layer = Buffer.alloc(1024);
  const config = {
    ...platform,
    config: { Labels: { seed } },
    rootfs: { type: "layers", diff_ids: [sha256(layer)] },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: imageManifestMediaType,
    config: await pushBlob(repository, "application/vnd.oci.image.config.v1+json", Buffer.from(JSON.stringify(config))),
    layers: [await pushBlob(repository, "application/vnd.oci.image.layer.v1.tar", layer)],
  };
  return pushManifest(repository, manifest, tag);
}
