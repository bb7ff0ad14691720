import { notationTrustPolicy } from "./derive";
import type { Statement } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import { formatPath, type Problem, TrustDocumentError } from "./problem";
import { listRequirements } from "./signers";

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
 * @throws `PartitionUnsupportedError` in a partition without a known root certificate; {@link TrustDocumentError} with each
 * condition that Notation cannot express: a node would accept images that the verifier denies.
 */
export function bottlerocketSettings(
  trust: Pick<ResolvedTrustDocument, "partition" | "registries" | "statements">,
): BottlerocketSettings {
  const problems = trust.statements.flatMap(inexpressible);
  if (problems.length > 0) throw new TrustDocumentError(problems, "The trust document, as a setting of Bottlerocket,");
  const policy = JSON.stringify(notationTrustPolicy(trust));
  return {
    "image-verifier-plugins": {
      enabled: true,
      notation: { trustpolicy: Buffer.from(policy, "utf8").toString("base64") },
    },
  };
}

function inexpressible(statement: Statement, index: number): readonly Problem[] {
  const { signedAfter, maxAgeDays } = statement;
  const requirements = listRequirements(statement);
  const several = requirements.length > 1 || requirements.some(({ atLeast }) => atLeast > 1);
  const conditions = { require: several ? statement.require : undefined, signedAfter, maxAgeDays };
  return Object.entries(conditions).flatMap(([key, value]): Problem[] => {
    if (value === undefined) return [];
    return [
      {
        path: formatPath(["statements", index, key]),
        value,
        message: "is a condition that Notation on a node does not know: it is satisfied by one signature of any age",
        fix: "Leave these images to the verifier, or make the setting from a trust document without the condition.",
      },
    ];
  });
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
