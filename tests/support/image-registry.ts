import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Listening, listenOnLoopback } from "../../local/listen";

/** What an image of {@link startImageRegistry} says about itself. */
export interface ToldImage {
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: `arm64`. */
  readonly architecture?: string;
}

/** A registry on this machine that holds what images say about themselves, and no layers. */
export interface ImageRegistry extends Listening {
  readonly url: string;
  /** Puts an image into a repository; gives its digest. */
  put(repository: string, image: ToldImage): string;
  /** Puts an index with nothing in it. */
  putIndex(repository: string): string;
  /** From now on each call is answered with this status; undefined for no longer. */
  fail(status: number | undefined): void;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** Starts it. As ECR it wants a name and a password: `AWS` and the one given. */
export async function startImageRegistry(password: string): Promise<ImageRegistry> {
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString("base64")}`;
  const held = new Map<string, { readonly type: string; readonly content: Buffer }>();
  let failure: number | undefined;
  const put = (repository: string, kind: string, type: string, value: object) => {
    const content = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    held.set(`/v2/${repository}/${kind}/${digest}`, { type, content });
    return { mediaType: type, digest, size: content.length };
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (failure !== undefined) return response.writeHead(failure).end("the registry is not well");
    if (request.headers.authorization !== authorization) return response.writeHead(401).end("who are you?");
    const found = held.get(request.url ?? "");
    if (found === undefined) return response.writeHead(404).end("no such image");
    return response.writeHead(200, { "content-type": found.type }).end(found.content);
  };
  const listening = await listenOnLoopback(createServer((request, response) => void answer(request, response)));
  return {
    ...listening,
    url: `http://${listening.address}`,
    put(repository, { labels = {}, architecture = "arm64" }) {
      const config = put(repository, "blobs", CONFIG, { architecture, os: "linux", config: { Labels: labels } });
      return put(repository, "manifests", MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [] })
        .digest;
    },
    putIndex: (repository) =>
      put(repository, "manifests", INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: [] }).digest,
    fail(status) {
      failure = status;
    },
  };
}
