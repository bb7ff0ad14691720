import { notationTrustPolicy } from "./derive";
import type { ResolvedTrustDocument } from "./expand";

/** The part of Bottlerocket's settings that makes a node verify images when it pulls them. */
export interface BottlerocketSettings {
  readonly "image-verifier-plugins": {
    readonly enabled: true;
    readonly notation: { readonly trustpolicy: string };
  };
}

/**
 * Bottlerocket's setting for a trust document: Notation's trust policy, as JSON in standard base64.
 *
 * The keys are those of the settings model (bottlerocket-settings-sdk, extension image-verifier-plugins: `enabled`, and
 * for each plugin `trustpolicy`, of the type ValidBase64Json) and of the README of image-verifiers in
 * bottlerocket-core-kit. The website's example for user data has another key, `notation-trustpolicy`, which that model
 * does not have. The node has AWS Signer's root certificates in trust stores of the same names (core-kit pull requests
 * 722 and 846). The setting does not include the trust document's registries and exemptions.
 *
 * @throws `PartitionUnsupportedError` in a partition without a known root certificate.
 */
export function bottlerocketSettings(
  trust: Pick<ResolvedTrustDocument, "partition" | "registries" | "statements">,
): BottlerocketSettings {
  const policy = JSON.stringify(notationTrustPolicy(trust));
  return {
    "image-verifier-plugins": {
      enabled: true,
      notation: { trustpolicy: Buffer.from(policy, "utf8").toString("base64") },
    },
  };
}

/** The same as TOML, for user data. Base64 needs no escapes. */
export function bottlerocketToml(settings: BottlerocketSettings): string {
  const { enabled, notation } = settings["image-verifier-plugins"];
  return [
    "[settings.image-verifier-plugins]",
    `enabled = ${enabled}`,
    "",
    "[settings.image-verifier-plugins.notation]",
    `trustpolicy = "${notation.trustpolicy}"`,
  ].join("\n");
}
