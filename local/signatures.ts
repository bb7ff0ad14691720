import { type Descriptor, describeContent } from "./descriptor";
import { imageIndexMediaType, imageManifestMediaType } from "./images";
import { pushBlob, pushManifest, type Repository } from "./registry-client";

export const signatureArtifactType = "application/vnd.cncf.notary.signature";
export const envelopeMediaType = "application/jose+json";

/** How the pushed signature differs from a correct one. */
export interface SignatureOptions {
  /** Pushes the manifest alone. A registry that checks the content of a manifest rejects it. */
  readonly withoutBlob?: boolean;
  /** Describes the envelope incorrectly, for example with another size, digest or media type. */
  readonly layer?: Partial<Descriptor>;
  /** Names something other than the image; the registry lists the signature there. */
  readonly subject?: Descriptor;
  /** Signatures with the same envelope and different annotations have different digests. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Pushes a signature of `image` like Notation: an artifact whose only layer is the envelope and whose subject is the
 * image.
 */
export async function pushSignature(
  repository: Repository,
  image: Descriptor,
  envelope: Buffer,
  options: SignatureOptions = {},
): Promise<Descriptor> {
  const layer = describeContent(envelopeMediaType, envelope);
  if (!options.withoutBlob) await pushBlob(repository, envelopeMediaType, envelope);
  const config = await pushBlob(repository, signatureArtifactType, Buffer.from("{}"));
  return pushManifest(repository, signatureManifest(options.subject ?? image, config, layer, options));
}

/**
 * Pushes many signatures of `image` with an invalid envelope: one request each, because they share their blobs. In the
 * order in which the tag schema should list them.
 */
export async function pushJunkSignatures(
  repository: Repository,
  image: Descriptor,
  count: number,
  envelope: Buffer = Buffer.from("not an envelope"),
): Promise<Descriptor[]> {
  const layer = await pushBlob(repository, envelopeMediaType, envelope);
  const config = await pushBlob(repository, signatureArtifactType, Buffer.from("{}"));
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      pushManifest(repository, signatureManifest(image, config, layer, { annotations: { junk: String(index) } })),
    ),
  );
}

/**
 * Lists signatures under the tag `sha256-<hex>`, for a registry without the referrers API (referrers tag schema of the
 * OCI distribution specification). The list replaces an earlier one.
 */
export function pushReferrersTag(
  repository: Repository,
  image: Descriptor,
  signatures: readonly Descriptor[],
): Promise<Descriptor> {
  const index = {
    schemaVersion: 2,
    mediaType: imageIndexMediaType,
    manifests: signatures.map((signature) => ({ ...signature, artifactType: signatureArtifactType })),
  };
  return pushManifest(repository, index, image.digest.replace(":", "-"));
}

function signatureManifest(subject: Descriptor, config: Descriptor, layer: Descriptor, options: SignatureOptions) {
  return {
    schemaVersion: 2,
    mediaType: imageManifestMediaType,
    config,
    layers: [{ ...layer, ...options.layer }],
    subject,
    annotations: { "io.cncf.notary.x509chain.thumbprint#S256": "[]", ...options.annotations },
  };
}
