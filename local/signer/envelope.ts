import { type KeyObject, sign } from "node:crypto";
import type { Descriptor } from "../descriptor";

export const signerPluginName = "com.amazonaws.signer.notation.plugin";
export const payloadMediaType = "application/vnd.cncf.notary.payload.v1+json";

/** Names of the attributes in the protected header of an envelope. */
export const attribute = {
  scheme: "io.cncf.notary.signingScheme",
  signingTime: "io.cncf.notary.signingTime",
  authenticSigningTime: "io.cncf.notary.authenticSigningTime",
  expiry: "io.cncf.notary.expiry",
  plugin: "io.cncf.notary.verificationPlugin",
  pluginMinVersion: "io.cncf.notary.verificationPluginMinVersion",
  profileVersion: "com.amazonaws.signer.signingProfileVersion",
  job: "com.amazonaws.signer.signingJob",
  profileAlias: "com.amazonaws.signer.signingProfileAlias",
} as const;

/** The payload that a signature of an image protects. */
export interface SignaturePayload {
  readonly targetArtifact: Descriptor & { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * The content of an envelope. Scheme, plugin, algorithm and content type are those of AWS Signer by default; other
 * values that are omitted or `null` are not in the envelope.
 */
export interface EnvelopeContent {
  /** Signed unchanged if it is text or bytes, as JSON otherwise. */
  readonly payload: unknown;
  /** DER, leaf first. */
  readonly chain: readonly Buffer[];
  readonly key: KeyObject;
  readonly signingTime: Date;
  readonly expiry?: Date | null;
  /** ARN of the signing profile version. */
  readonly profileVersion?: string | null;
  /** ARN of the signing job. */
  readonly job?: string | null;
  /** Default: `notary.x509.signingAuthority`. With `notary.x509`, the signing time is the signer's own claim. */
  readonly scheme?: string;
  readonly plugin?: string | null;
  readonly pluginMinVersion?: string | null;
  readonly algorithm?: string;
  readonly contentType?: string;
  /** More attributes; those named in `critical` go into `crit`. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly critical?: readonly string[];
}

/** `targetArtifact` has exactly these three keys: Notation compares them with the registry's values. */
export function payloadFor({ mediaType, digest, size }: Descriptor): SignaturePayload {
  return { targetArtifact: { mediaType, digest, size } };
}

/**
 * Creates a signature envelope: a JWS in flattened JSON, with the attributes that the Notary Project's specification
 * requires and those that AWS Signer adds. The signature uses ECDSA and the hash that `algorithm` names, even if the
 * rest of the content is unusual.
 */
export function makeEnvelope(content: EnvelopeContent): Buffer {
  const payload = base64url(payloadBytes(content.payload));
  const header = base64url(JSON.stringify(protectedHeader(content)));
  const signature = sign(chooseHash(content.algorithm), Buffer.from(`${header}.${payload}`), {
    key: content.key,
    dsaEncoding: "ieee-p1363",
  });
  return Buffer.from(
    JSON.stringify({
      payload,
      protected: header,
      header: {
        x5c: content.chain.map((certificate) => certificate.toString("base64")),
        "io.cncf.notary.signingAgent": "stand-in-signer/1.0",
      },
      signature: base64url(signature),
    }),
  );
}

function protectedHeader(content: EnvelopeContent): Record<string, unknown> {
  const scheme = content.scheme ?? "notary.x509.signingAuthority";
  const plugin = content.plugin === undefined ? signerPluginName : content.plugin;
  const time = rfc3339(content.signingTime);
  const critical = present({
    [attribute.scheme]: scheme,
    // Only the time that a signing authority confirms is critical.
    [attribute.authenticSigningTime]: scheme === "notary.x509" ? undefined : time,
    [attribute.expiry]: content.expiry ? rfc3339(content.expiry) : undefined,
    [attribute.plugin]: plugin,
    [attribute.pluginMinVersion]: content.pluginMinVersion,
    [attribute.profileVersion]: content.profileVersion,
    [attribute.job]: content.job,
  });
  return {
    alg: content.algorithm ?? "ES384",
    cty: content.contentType ?? payloadMediaType,
    crit: [...Object.keys(critical), ...(content.critical ?? [])],
    ...critical,
    ...(scheme === "notary.x509" ? { [attribute.signingTime]: time } : {}),
    ...content.attributes,
  };
}

function present(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null));
}

function payloadBytes(payload: unknown): Buffer | string {
  return Buffer.isBuffer(payload) || typeof payload === "string" ? payload : JSON.stringify(payload);
}

function chooseHash(algorithm = "ES384"): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1] ?? "384";
  return `sha${bits}`;
}

/** Notation's times have no fractions of a second. */
function rfc3339(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function base64url(bytes: Buffer | string): string {
  return Buffer.from(bytes).toString("base64url");
}
