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
/** An executable, which is not a part of the verifier itself. */
const sample = typeToken("SampleWorkload");
/** Calls of a schedule that are lost lose no launch. */
const calls = [typeToken("OrderWatch"), typeToken("FunctionCall")];
const gate = typeToken("DeploymentGate");
/** It judges nothing. */
const keeper = typeToken("GateKeeper");
const parts = [typeToken("ImageVerification"), typeToken("VerifierFunction"), detector];

/** The checks of each resource of the verifier, one by one: a preview may know one value and not another. */
const checks: Readonly<Record<string, readonly Check[]>> = {
  "aws:lambda/function:Function": [
    ({ imageUri }) =>
      hasDigest(imageUri) ? [] : ["The function's imageUri has no digest: moving a tag could replace the verifier."],
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    ({ retentionInDays }) => (retentionInDays > 0 ? [] : ["The log group has no retentionInDays."]),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    ({ deadLetterConfig }) =>
      deadLetterConfig?.arn ? [] : ["The target has no deadLetterConfig: events that cannot be delivered are lost."],
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    ({ destinationConfig }) =>
      destinationConfig?.onFailure?.destination
        ? []
        : ["There is no destinationConfig.onFailure: failed launches are lost."],
  ],
};

const reserved: Check = ({ reservedConcurrentExecutions }) =>
  reservedConcurrentExecutions > 0
    ? []
    : [
        "The function has no reservedConcurrentExecutions: it and other functions of the account can prevent each other from running.",
      ];

function hasDigest(imageUri: unknown): boolean {
  const reference = readReference(typeof imageUri === "string" ? imageUri : "");
  return !(reference instanceof ReferenceInvalidError) && reference.digest !== undefined;
}

/** The checks that a resource of the verifier must pass. */
export function verifierChecks(
  { type, urn }: Pick<ResourceValidationArgs, "type" | "urn">,
  { reservedConcurrency }: z.output<typeof config>,
): readonly Check[] {
  if (!parts.some((part) => isInside(urn, part)) || [sample, ...calls].some((part) => isInside(urn, part))) {
    return [];
  }
  // ECS waits for the gate's answers; what Lambda keeps for it are heartbeats.
  if (type === "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig" && isInside(urn, gate)) return [];
  if (type === "aws:cloudwatch/eventRule:EventRule") return isInside(urn, detector) ? [launchRuleViolations] : [];
  const needsReserve = type === "aws:lambda/function:Function" && !isInside(urn, keeper);
  const more = needsReserve && reservedConcurrency ? [reserved] : [];
  return [...(checks[type] ?? []), ...more];
}

/** The verifier itself is set up strictly. */
export function verifierResources(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "verifier-resources",
      description:
        "The verifier is pinned by digest, loses no launch, keeps its log for a set time and receives every task state.",
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
