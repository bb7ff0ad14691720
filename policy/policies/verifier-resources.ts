import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { typeToken } from "../../components/type-token";
import { ReferenceInvalidError, readReference } from "../../trust/reference";
import { isGateFunction, isOfGate } from "../reading/gates";
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
/** Its functions can wait: what is not judged now is judged by the next sweep. */
const sweep = typeToken("Sweep");
/** An executable, which is not a part of the verifier itself. */
const sample = typeToken("SampleWorkload");
/** A call of its schedule that is lost loses no launch. */
const watch = typeToken("OrderWatch");
/** Beside its messages alarms ring. */
const changes = typeToken("ChangeAlarms");
/** A run that is lost is noticed by an alarm. */
const canary = typeToken("Canary");
const parts = [
  typeToken("ImageVerification"),
  typeToken("VerifierFunction"),
  typeToken("DeploymentGate"),
  detector,
  sweep,
];
/** The schedules of the gate and of the canary call again, and nothing is lost with one call. */
const ofCalledAgain = ["aws:lambda/function:Function", "aws:cloudwatch/logGroup:LogGroup"];

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
  "aws:scheduler/schedule:Schedule": [
    ({ state }) => (state === "DISABLED" ? ["The schedule is disabled: nothing that runs is judged again."] : []),
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    ({ destinationConfig }) =>
      destinationConfig?.onFailure?.destination
        ? []
        : ["There is no destinationConfig.onFailure: what failed at every attempt is lost."],
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
  args: Pick<ResourceValidationArgs, "type" | "urn" | "props">,
  { reservedConcurrency }: z.output<typeof config>,
): readonly Check[] {
  const { type, urn } = args;
  if (!parts.some((part) => isInside(urn, part)) || [sample, watch, changes].some((part) => isInside(urn, part))) {
    return [];
  }
  const isOfCanary = isInside(urn, canary);
  if ((isOfGate(args) || isOfCanary) && !ofCalledAgain.includes(type)) return [];
  if (type === "aws:cloudwatch/eventRule:EventRule") return isInside(urn, detector) ? [launchRuleViolations] : [];
  // The calls of keeper, canary and sweep can wait; ECS takes a throttled call of the gate for a refusal.
  const canWait = isOfCanary || isInside(urn, sweep) || (isOfGate(args) && !isGateFunction(args));
  const reserves = type === "aws:lambda/function:Function" && !canWait;
  return [...(checks[type] ?? []), ...(reserves && reservedConcurrency ? [reserved] : [])];
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
