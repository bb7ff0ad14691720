import { createHash } from "node:crypto";
import { z } from "zod";
import { type ImageReference, repositoryName } from "../../trust/reference";
import { type RegistryAccess, registryCall } from "../image/registry-call";

/** A repository in a registry, and how to reach it. */
export interface Place {
  readonly access: RegistryAccess;
  /** Path inside the registry. */
  readonly repository: string;
}

const descriptor = z.object({ mediaType: z.string(), digest: z.string().regex(/^sha256:[a-f0-9]{64}$/) });
const manifestSchema = z.object({
  mediaType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
});

const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Copies an image from one registry to another unchanged, with all platforms and the same digest, by the OCI distribution
 * API. It needs no Docker. The calls that it makes to ECR are inferred (ecr-manifest-calls). It can be repeated: content
 * that exists with the same digest is not copied again.
 *
 * @param tag Tag of the copy. An existing tag is not moved, since it may be immutable.
 * @returns The digest.
 */
export async function copyImage(from: Place, reference: ImageReference, to: Place, tag: string): Promise<string> {
  const wanted = reference.digest ?? reference.tag ?? "latest";
  return copyManifest(from, wanted, to, tag);
}

async function copyManifest(from: Place, wanted: string, to: Place, tag?: string): Promise<string> {
  const answer = await call(from, "GET", `/manifests/${wanted}`, { headers: { accept: MANIFEST_TYPES } });
  const content = Buffer.from(await answer.arrayBuffer());
  const digest = computeDigest(content);
  if (wanted.startsWith("sha256:") && digest !== wanted) throw new Error(`${answer.url} gave content of ${digest}.`);
  const { config, layers = [], manifests = [], mediaType } = manifestSchema.parse(JSON.parse(content.toString("utf8")));
  const there = await isThere(to, digest);
  const name = tag === undefined || (await isThere(to, tag)) ? digest : tag;
  // A registry accepts a manifest only after everything that it refers to.
  if (there && name === digest) return digest;
  if (!there) {
    for (const child of manifests) await copyManifest(from, child.digest, to);
    for (const blob of [...(config === undefined ? [] : [config]), ...layers]) await copyBlob(from, blob.digest, to);
  }
  await call(to, "PUT", `/manifests/${name}`, {
    headers: { "content-type": answer.headers.get("content-type") ?? mediaType ?? "" },
    body: content,
  });
  return digest;
}

async function isThere(place: Place, name: string): Promise<boolean> {
  const options = { headers: { accept: MANIFEST_TYPES }, accept: [200, 404] };
  return (await call(place, "HEAD", `/manifests/${name}`, options)).status === 200;
}

async function copyBlob(from: Place, digest: string, to: Place): Promise<void> {
  const there = await call(to, "HEAD", `/blobs/${digest}`, { accept: [200, 404] });
  if (there.status === 200) return;
  const answer = await call(from, "GET", `/blobs/${digest}`);
  const content = Buffer.from(await answer.arrayBuffer());
  if (computeDigest(content) !== digest) throw new Error(`${answer.url} gave content of ${computeDigest(content)}.`);
  const started = await call(to, "POST", "/blobs/uploads/");
  const upload = new URL(started.headers.get("location") ?? "", started.url);
  upload.searchParams.set("digest", digest);
  await call(to, "PUT", upload, { headers: { "content-type": "application/octet-stream" }, body: content });
}

type CallOptions = Parameters<typeof registryCall>[3];

function call({ access, repository }: Place, method: string, target: string | URL, options?: CallOptions) {
  const url = target instanceof URL ? target : new URL(`/v2/${repository}${target}`, access.url);
  return registryCall(access, method, url, options);
}

function computeDigest(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Reference of a copy: `registry/repository@digest`. */
export function copyReference(target: Pick<ImageReference, "registry" | "repository">, digest: string): string {
  return `${repositoryName(target)}@${digest}`;
}
