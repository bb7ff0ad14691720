import { createHash } from "node:crypto";
import { z } from "zod";
import { type RegistryAccess, registryCall } from "./registry-call";

/** The parts of an image's configuration that are compared with the deployment. */
export interface ImageConfig {
  /** Such as `amd64`. */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An image by its digest. */
export interface ImageByDigest {
  /** Path inside the registry. */
  readonly repository: string;
  readonly digest: string;
}

const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const INDEX_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

const manifestSchema = z.object({ config: z.object({ digest: z.string().regex(/^sha256:[a-f0-9]{64}$/) }) });
const configSchema = z.object({
  architecture: z.string(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** Short, since the documents are small and `pulumi preview` waits for them. */
const CALL_MS = 30_000;

/**
 * Reads the configuration of an image from its registry. No layer is pulled.
 *
 * @throws Error that names the call and its answer, or what is wrong with the image.
 */
export async function readImageConfig(access: RegistryAccess, image: ImageByDigest): Promise<ImageConfig> {
  const manifest = await get(access, image, `manifests/${image.digest}`, image.digest);
  if (INDEX_TYPES.includes(manifest.type)) {
    throw new Error(
      "it is an index, and Lambda takes images of one platform only: build it for one, with --provenance=false",
    );
  }
  const { digest } = manifestSchema.parse(JSON.parse(manifest.text)).config;
  const { text } = await get(access, image, `blobs/${digest}`, digest);
  const { architecture, config } = configSchema.parse(JSON.parse(text));
  return { architecture, labels: config?.Labels ?? {} };
}

async function get(access: RegistryAccess, { repository }: ImageByDigest, path: string, digest: string) {
  const url = new URL(`/v2/${repository}/${path}`, access.url);
  const headers = { accept: [...MANIFEST_TYPES, ...INDEX_TYPES].join(", ") };
  const answer = await registryCall(access, "GET", url, { headers, timeoutMs: CALL_MS });
  const content = Buffer.from(await answer.arrayBuffer());
  const found = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  if (found !== digest) throw new Error(`GET ${url.href} gave content of ${found}`);
  const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
  return { type: type.trim(), text: content.toString("utf8") };
}
