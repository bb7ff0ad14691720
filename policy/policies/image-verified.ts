import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { quote } from "../../trust/quote";
import { formatReference, ReferenceInvalidError, readReference } from "../../trust/reference";
import { self } from "../../trust/registry-entry";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { readContainers } from "../container-policy";
import { type ComponentEnvironment, componentEnvironments } from "../reading/component-environments";
import { type Container, containerLabel, hasContainers } from "../reading/containers";
import { placeTrust, trustSource } from "../reading/trust-source";
import { PolicyConfigurationError, type PolicyOptions, resourcePolicy } from "../resource-policy";

const name = "image-verified";

const config = trustSource.extend({
  signingProfileArn: z.string().optional().describe("Signing profile that `self` stands for as an identity"),
  plugin: z
    .string()
    .optional()
    .describe("The AWS Signer plugin; default: SIGNER_PLUGIN, else Notation's plugin folder"),
  trustStore: z.string().optional().describe("Folder of root certificates in place of AWS Signer's"),
  signerEndpoint: z.url().optional().describe("A URL to ask in place of AWS Signer"),
  plainHttp: z.boolean().default(false).describe("Whether to talk HTTP to the registry"),
  timeoutSeconds: z.number().positive().max(900).default(30).describe("How long one image may take"),
});

export type ImageVerifiedConfig = z.output<typeof config>;

/** Gives the verdict on one image by digest. Rejects, with whatever error, if it cannot even be tried. */
export type VerifyImage = (
  reference: string,
  trust: ResolvedTrustDocument,
  settings: ImageVerifiedConfig,
) => Promise<Verdict>;

/** What a preview says of one container. */
export interface Outcome {
  readonly level: "violation" | "advisory";
  readonly message: string;
}

/**
 * What follows from a verdict: only a denial acts.
 *
 * @throws {@link PolicyConfigurationError} when the verifier could not work with the settings.
 */
export function toOutcome(container: Container, verdict: Verdict): Outcome | undefined {
  if (verdict.status === "trusted" || verdict.status === "exempt") return undefined;
  if (verdict.code === "verifier-misconfigured") throw new PolicyConfigurationError([verdict.detail]);
  const image = `The image ${quote(verdict.reference)} of the ${containerLabel(container)}`;
  if (verdict.status === "inconclusive") {
    return { level: "advisory", message: `${image} could not be verified (${verdict.code}): ${verdict.detail}` };
  }
  const profile = verdict.signature?.profileVersion;
  const signer = profile === undefined ? "no signer that could be named" : `signed by ${profile}`;
  return { level: "violation", message: `${image} is denied (${verdict.code}; ${signer}): ${verdict.detail}` };
}

/** Other policies say what is wrong with a reference, or that it has no digest. */
function pinned({ image }: Container): string | undefined {
  const reference = readReference(image ?? "");
  return reference instanceof ReferenceInvalidError || reference.digest === undefined
    ? undefined
    : formatReference(reference);
}

/** Each image once in a run, however many task definitions have it. */
function oncePerRun(verify: VerifyImage): VerifyImage {
  const verdicts = new Map<string, Promise<Verdict>>();
  return (reference, trust, settings) => {
    const key = JSON.stringify([reference, trust, settings]);
    const verdict = verdicts.get(key) ?? verify(reference, trust, settings);
    verdicts.set(key, verdict);
    return verdict;
  };
}

/** The trust document with a profile in the place of an identity `self`. */
async function resolveTrust(
  settings: ImageVerifiedConfig,
  around: () => ComponentEnvironment | undefined,
): Promise<ResolvedTrustDocument> {
  const { document, account, region, ...stated } = await placeTrust(settings, around);
  const signingProfileArn = settings.signingProfileArn ?? stated.signingProfileArn;
  if (signingProfileArn !== undefined) return expandTrustDocument(document, { account, region, signingProfileArn });
  if (document.statements.some(({ identities }) => identities.includes(self))) {
    throw new PolicyConfigurationError(["it needs signingProfileArn, as the trust document trusts self"]);
  }
  return expandTrustDocument(document, { account, region });
}

/**
 * Verifies images while the program is previewed, with the operator's credentials and the core that judges launches.
 * Two policies, since one has one level: denials are violations, what could not be told is advisory. The second tells
 * what the first has found at the same resource, so it must follow it in the pack, and is silent while that is off.
 */
export function imageVerified(
  verify: VerifyImage,
  options?: PolicyOptions<typeof config>,
): readonly [ResourceValidationPolicy, ResourceValidationPolicy] {
  const ask = oncePerRun(verify);
  const environments = componentEnvironments();
  const advisories = new Map<string, readonly string[]>();

  async function check(
    settings: ImageVerifiedConfig,
    urn: string,
    containers: readonly Container[],
    report: ReportViolation,
  ) {
    const trust = await resolveTrust(settings, () => environments.around(urn));
    const inconclusive: string[] = [];
    for (const container of containers) {
      const reference = pinned(container);
      if (reference === undefined) continue;
      const found = toOutcome(container, await ask(reference, trust, settings));
      if (found?.level === "violation") report(found.message);
      if (found?.level === "advisory") inconclusive.push(found.message);
    }
    return inconclusive;
  }

  const denied = resourcePolicy(
    {
      name,
      description: "Images are signed by someone whom the environment trusts, as a preview can find out.",
      severity: "critical",
      remediationSteps: "Deploy an image that the environment's trust document trusts, or sign this one.",
      enforcementLevel: "disabled",
      config,
      notice: environments.notice,
      applies: hasContainers,
      async check(settings, args, report) {
        advisories.delete(args.urn);
        const containers: Container[] = [];
        try {
          // What cannot be read is reported by digest-pinned.
          await readContainers(
            args,
            () => {},
            (container) => containers.push(container),
          );
        } finally {
          advisories.set(args.urn, await check(settings, args.urn, containers, report));
        }
      },
    },
    options,
  );
  const inconclusive = resourcePolicy({
    name: "image-verification-conclusive",
    description: "A preview could find out whether images are signed by someone whom the environment trusts.",
    severity: "low",
    remediationSteps: "See to the registry, to AWS Signer or to your credentials, and preview again.",
    enforcementLevel: "advisory",
    config: z.strictObject({}),
    applies: hasContainers,
    check(_, { urn }, report) {
      for (const message of advisories.get(urn) ?? []) report(message);
      advisories.delete(urn);
    },
  });
  return [denied, inconclusive];
}
