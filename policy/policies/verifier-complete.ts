import type { EnforcementLevel, StackValidationPolicy } from "@pulumi/policy";
import { typeToken } from "../../components/type-token";

/** What each component of the verifier must have, because {@link verifierResources} can only check what exists. */
const required: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [typeToken("VerifierFunction")]: {
    "aws:lambda/function:Function": "a function",
    "aws:cloudwatch/logGroup:LogGroup": "its own log group, with a retention time",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "a queue for failed launches",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "an event source for postponed stops",
  },
  [typeToken("LaunchDetector")]: {
    "aws:cloudwatch/eventRule:EventRule": "a rule for launches",
    "aws:cloudwatch/eventTarget:EventTarget": "a target with a dead-letter queue",
  },
  [typeToken("Sweep")]: {
    "aws:scheduler/schedule:Schedule": "its schedule",
    "aws:cloudwatch/logGroup:LogGroup": "its own log group, with a retention time",
  },
  [typeToken("SweepCoordinator")]: {
    "aws:lambda/function:Function": "a function",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "a queue for failed sweeps",
  },
  [typeToken("SweepWorker")]: {
    "aws:lambda/function:Function": "a function",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "an event source for the images that a sweep has found",
  },
  [typeToken("DeploymentGate")]: {
    "aws:lambda/alias:Alias": "the alias that hooks invoke",
    "aws:lambda/invocation:Invocation": "the guard that refuses its removal while services have its hook",
  },
};

/** A resource of a stack, with the parts that this policy reads. */
export interface StackResource {
  readonly type: string;
  readonly urn: string;
  readonly parent?: { readonly urn: string };
}

/** What is missing from the verifier's components. */
export function missingParts(
  resources: readonly StackResource[],
): readonly { readonly urn: string; readonly message: string }[] {
  return resources.flatMap(({ type, urn }) => {
    const children = resources.filter(({ parent }) => parent?.urn === urn).map((child) => child.type);
    return Object.entries(required[type] ?? {})
      .filter(([part]) => !children.includes(part))
      .map(([part, meaning]) => ({ urn, message: `The component lacks ${meaning} (${part}).` }));
  });
}

/** The parts of the verifier that keep launches from being lost all exist. */
export function verifierComplete(
  options: { readonly enforcementLevel?: EnforcementLevel } = {},
): StackValidationPolicy {
  return {
    name: "verifier-complete",
    description: "The verifier has its queues, its log group and its rule.",
    severity: "high",
    remediationSteps:
      "Leave the parts of the ImageVerification component as they are; a transformation may have removed one.",
    enforcementLevel: options.enforcementLevel ?? "mandatory",
    validateStack({ resources }, report) {
      for (const { message, urn } of missingParts(resources)) report(message, urn);
    },
  };
}
