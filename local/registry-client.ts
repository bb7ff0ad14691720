import { withoutUndefined } from "../trust/text/without-undefined";
import { type Descriptor, describeContent, sha256 } from "./descriptor";

/** A repository of a registry that uses plain HTTP. */
export interface Repository {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** For example `team/app`. */
  readonly name: string;
  /** Authorization header, for a registry that requires one. */
  readonly authorization?: string;
}

/** Pushes a blob in one piece. */
export async function pushBlob(repository: Repository, mediaType: string, content: Buffer): Promise<Descriptor> {
  const descriptor = describeContent(mediaType, content);
  const started = await call(repository, "POST", "/blobs/uploads/");
  const upload = new URL(started.headers.get("location") ?? "", started.url);
  upload.searchParams.set("digest", descriptor.digest);
  await call(repository, "PUT", upload, { "content-type": "application/octet-stream" }, content);
  return descriptor;
}

/** Pushes a manifest by its digest, and also with a tag if one is given. */
export async function pushManifest(
  repository: Repository,
  manifest: { readonly mediaType: string },
  tag?: string,
): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(manifest));
  const descriptor = describeContent(manifest.mediaType, content);
  for (const reference of tag === undefined ? [descriptor.digest] : [descriptor.digest, tag]) {
    await call(repository, "PUT", `/manifests/${reference}`, { "content-type": manifest.mediaType }, content);
  }
  return descriptor;
}

/** Deletes a blob that a manifest still names: simulates data loss in a registry. */
export async function deleteBlob(repository: Repository, digest: string): Promise<void> {
  await call(repository, "DELETE", `/blobs/${digest}`);
}

/** Removes a manifest. */
export async function deleteManifest(repository: Repository, digest: string): Promise<void> {
  await call(repository, "DELETE", `/manifests/${digest}`);
}

/** The bytes of a manifest or blob, checked against the digest. */
export async function pull(repository: Repository, kind: "manifests" | "blobs", digest: string): Promise<Buffer> {
  const response = await call(repository, "GET", `/${kind}/${digest}`, { accept: "*/*" });
  const content = Buffer.from(await response.arrayBuffer());
  if (sha256(content) !== digest) throw new Error(`${response.url} gave content of digest ${sha256(content)}.`);
  return content;
}

async function call(
  repository: Repository,
  method: string,
  target: string | URL,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<Response> {
  const url = typeof target === "string" ? new URL(`/v2/${repository.name}${target}`, repository.url) : target;
  const authorization = withoutUndefined({ authorization: repository.authorization });
  const response = await fetch(url, { method, headers: { ...headers, ...authorization }, body: body ?? null });
  if (!response.ok) {
    throw new Error(`${method} ${url.href} was answered with ${response.status}: ${await response.text()}`);
  }
  return response;
}
