import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { typeToken } from "../../components/type-token";
import { ReferenceInvalidError, readReference } from "../../trust/reference";
import { checkEach } from "../reading/preview-values";
import { isInside } from "../reading/urn";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";
import { launchRuleViolations } from "./launch-rule";

const config = z.strictObject({
  reservedConcurrency: z.boolean().default(true).describe("Whether the function must have reserved concurrency"),
});

const strictest = config.parse({});

type Props = ResourceValidationArgs["props"];
type Check = (props: Props) => readonly string[];

const detector = typeToken("LaunchDetector");
/** Something to run, not a part of what verifies. */
const sample = typeToken("SampleWorkload");
const parts = [typeToken("ImageVerification"), typeToken("VerifierFunction"), detector];

/** What must hold for each resource of the verifier, each check by itself: a preview may know one and not the other. */
const checks: Readonly<Record<string, readonly Check[]>> = {
  "aws:lambda/function:Function": [
    ({ imageUri }) =>
      hasDigest(imageUri)
        ? []
        : ["The function's imageUri has no digest: what verifies could be replaced by moving a tag."],
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    ({ retentionInDays }) => (retentionInDays > 0 ? [] : ["The log group has no retentionInDays."]),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    ({ deadLetterConfig }) =>
      deadLetterConfig?.arn ? [] : ["The target has no deadLetterConfig: launches that it cannot be told of are lost."],
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    ({ destinationConfig }) =>
      destinationConfig?.onFailure?.destination
        ? []
        : ["There is no destinationConfig.onFailure: launches that the function failed at are lost."],
  ],
};

const reserved: Check = ({ reservedConcurrentExecutions }) =>
  reservedConcurrentExecutions > 0
    ? []
    : [
        "The function has no reservedConcurrentExecutions: other functions of the account can keep it from running, or it them.",
      ];

function hasDigest(imageUri: unknown): boolean {
  const reference = readReference(typeof imageUri === "string" ? imageUri : "");
  return !(reference instanceof ReferenceInvalidError) && reference.digest !== undefined;
}

/** The checks that a resource of the verifier has to pass. */
export function verifierChecks(
  { type, urn }: Pick<ResourceValidationArgs, "type" | "urn">,
  { reservedConcurrency }: z.output<typeof config>,
): readonly Check[] {
  if (!parts.some((part) => isInside(urn, part)) || isInside(urn, sample)) return [];
  if (type === "aws:cloudwatch/eventRule:EventRule") return isInside(urn, detector) ? [launchRuleViolations] : [];
  const more = type === "aws:lambda/function:Function" && reservedConcurrency ? [reserved] : [];
  return [...(checks[type] ?? []), ...more];
}

/** The verifier is itself as strict as it has to be. */
export function verifierResources(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "verifier-resources",
      description:
        "The verifier runs by digest, loses no launch, keeps its log for a set time and hears of every state.",
      severity: "high",
      remediationSteps:
        "Set what the message names on the ImageVerification component, or leave the component's own values.",
      enforcementLevel: "mandatory",
      config,
      applies: (args) => verifierChecks(args, strictest).length > 0,
      check: (settings, args, report) =>
        checkEach(
          verifierChecks(args, settings).map((check) => () => {
            for (const violation of check(args.props)) report(violation);
          }),
        ),
    },
    options,
  );
}
