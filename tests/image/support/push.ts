import { imageIndexMediaType } from "../../../local/images";
import { pull, pushManifest, type Repository } from "../../../local/registry-client";
import type { Engine } from "./engine";

/** Pushes an image to a registry on this machine; gives its digest. */
export async function pushTagged(engine: Engine, tag: string): Promise<string> {
  const output = await engine.docker(["push", tag]);
  const digest = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(output)?.[1];
  if (digest === undefined) throw new Error(`docker push ${tag} printed no digest: ${output}`);
  return digest;
}

/** Makes an index of images of a repository, by architecture, as `docker buildx build` with several platforms does. */
export async function pushIndexOf(repository: Repository, images: Readonly<Record<string, string>>): Promise<string> {
  const entries = Object.entries(images).map(async ([architecture, digest]) => {
    const content = await pull(repository, "manifests", digest);
    const { mediaType } = JSON.parse(content.toString("utf8"));
    return { mediaType, digest, size: content.length, platform: { os: "linux", architecture } };
  });
  const index = { schemaVersion: 2, mediaType: imageIndexMediaType, manifests: await Promise.all(entries) };
  return (await pushManifest(repository, index)).digest;
}
