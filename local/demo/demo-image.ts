import type { Descriptor } from "../descriptor";
import { pushImage, pushImageIndex } from "../images";
import type { Repository } from "../registry-client";
import type { Stage } from "./stage";

/** An image in the local registry. */
export interface DemoImage {
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  readonly digest: string;
  /** `registry/repository:tag`. */
  readonly byTag: string;
  /** `registry/repository@digest`. */
  readonly byDigest: string;
}

type ImageSource = Pick<Stage, "registry">;

/** Pushes a small image. The same tag with another `build` is another image: the tag moves. */
export async function makeImage(stage: ImageSource, name: string, tag: string, build = 1): Promise<DemoImage> {
  const repository = toRepository(stage, name);
  const descriptor = await pushImage(repository, { seed: `${name}:${tag} ${build}`, tag });
  return describe(stage, repository, tag, descriptor);
}

/** Pushes an image for two platforms, and returns its index and the manifest of the first platform. */
export async function makeMultiPlatformImage(
  stage: ImageSource,
  name: string,
  tag: string,
): Promise<{ readonly index: DemoImage; readonly platform: DemoImage }> {
  const repository = toRepository(stage, name);
  const { index, manifests } = await pushImageIndex(repository, { seed: `${name}:${tag}`, tag });
  const [platform = index] = manifests;
  return {
    index: describe(stage, repository, tag, index),
    platform: describe(stage, repository, tag, platform),
  };
}

function toRepository({ registry }: ImageSource, name: string): Repository {
  return { url: `http://${registry}`, name };
}

function describe({ registry }: ImageSource, repository: Repository, tag: string, descriptor: Descriptor): DemoImage {
  const { digest } = descriptor;
  const name = `${registry}/${repository.name}`;
  return { repository, descriptor, digest, byTag: `${name}:${tag}`, byDigest: `${name}@${digest}` };
}
