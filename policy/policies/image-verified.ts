import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { quote } from "../../trust/quote";
import { formatReference, ReferenceInvalidError, readReference } from "../../trust/reference";
import { trustsSelf } from "../../trust/signers";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { readContainers } from "../container-policy";
import { type ComponentEnvironment, componentEnvironments } from "../reading/component-environments";
import { type Container, containerLabel, hasContainers } from "../reading/containers";
import { placeTrust, trustSource } from "../reading/trust-source";
import { PolicyConfigurationError, type PolicyOptions, resourcePolicy } from "../resource-policy";

const name = "image-verified";

const orders = z.strictObject({
  table: z.string().min(1).describe("Name of the table with the orders: output ordersTable"),
  key: z
    .string()
    .regex(/^arn:[a-z-]+:kms:/)
    .describe("ARN of the key that proves them: output ordersKeyArn"),
  region: z.string().min(1).describe("Region of both"),
  environment: z.string().min(1).describe("Name of the environment: output environment"),
});

/** Where the orders of the moment of an environment are. */
export type OrdersConfig = z.output<typeof orders>;

const config = trustSource.extend({
  signingProfileArn: z.string().optional().describe("Signing profile that `self` stands for as an identity"),
  plugin: z
    .string()
    .optional()
    .describe("The AWS Signer plugin; default: SIGNER_PLUGIN, otherwise Notation's plugin folder"),
  trustStore: z.string().optional().describe("Folder of root certificates instead of AWS Signer's"),
  signerEndpoint: z.url().optional().describe("A URL to use instead of AWS Signer"),
  plainHttp: z.boolean().default(false).describe("Whether to use HTTP for the registry"),
  orders: orders
    .optional()
    .describe("The environment's orders of the moment, of which only blocks are obeyed; default: none"),
  timeoutSeconds: z.number().positive().max(900).default(30).describe("Time limit per image"),
});

export type ImageVerifiedConfig = z.output<typeof config>;

/** A verdict, and what a person must know in addition. */
export interface PreviewVerdict extends Verdict {
  readonly warnings?: readonly string[];
}

/** Returns the verdict on one image by digest. Rejects, with any error, if it cannot be tried. */
export type VerifyImage = (
  reference: string,
  trust: ResolvedTrustDocument,
  settings: ImageVerifiedConfig,
) => Promise<PreviewVerdict>;

/** What a preview reports about one container. */
export interface Outcome {
  readonly level: "violation" | "advisory";
  readonly message: string;
}

/**
 * The result of a verdict: only a denial blocks.
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
  const signatures = verdict.counted?.length ? verdict.counted : [verdict.signature];
  const profiles = signatures.flatMap((signature) => signature?.profileVersion ?? []);
  const signer = profiles.length === 0 ? "no signer that could be named" : `signed by ${profiles.join(" and ")}`;
  return { level: "violation", message: `${image} is denied (${verdict.code}; ${signer}): ${verdict.detail}` };
}

/** Other policies report an invalid reference, or one without a digest. */
function pinned({ image }: Container): string | undefined {
  const reference = readReference(image ?? "");
  return reference instanceof ReferenceInvalidError || reference.digest === undefined
    ? undefined
    : formatReference(reference);
}

/** Each image once per run, however many task definitions use it. */
function oncePerRun(verify: VerifyImage): VerifyImage {
  const verdicts = new Map<string, Promise<PreviewVerdict>>();
  return (reference, trust, settings) => {
    const key = JSON.stringify([reference, trust, settings]);
    const verdict = verdicts.get(key) ?? verify(reference, trust, settings);
    verdicts.set(key, verdict);
    return verdict;
  };
}

/** The trust document with a profile instead of the identity `self`. */
async function resolveTrust(
  settings: ImageVerifiedConfig,
  around: () => ComponentEnvironment | undefined,
): Promise<ResolvedTrustDocument> {
  const { document, account, region, ...stated } = await placeTrust(settings, around);
  const signingProfileArn = settings.signingProfileArn ?? stated.signingProfileArn;
  if (signingProfileArn !== undefined) return expandTrustDocument(document, { account, region, signingProfileArn });
  if (trustsSelf(document.statements)) {
    throw new PolicyConfigurationError(["it needs signingProfileArn, because the trust document trusts self"]);
  }
  return expandTrustDocument(document, { account, region });
}

/**
 * Verifies images during the preview, with the operator's credentials and the same core that judges launches. There are
 * two policies because a policy has one level: denials are violations, inconclusive verdicts are advisory. The second
 * reports what the first found for the same resource, so it must follow it in the pack, and is silent while the first
 * is off.
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
      const verdict = await ask(reference, trust, settings);
      inconclusive.push(...(verdict.warnings ?? []));
      const found = toOutcome(container, verdict);
      if (found?.level === "violation") report(found.message);
      if (found?.level === "advisory") inconclusive.push(found.message);
    }
    return [...new Set(inconclusive)];
  }

  const denied = resourcePolicy(
    {
      name,
      description: "Images are signed by a trusted identity of the environment, as far as a preview can check.",
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
          // digest-pinned reports unreadable containers.
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
    description: "A preview could check whether images are signed by a trusted identity of the environment.",
    severity: "low",
    remediationSteps: "Check the registry, AWS Signer and your credentials, and preview again.",
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
