import type { EnforcementLevel, StackValidationPolicy } from "@pulumi/policy";
import { typeToken } from "../../components/type-token";

/** What each component of the verifier must have, for {@link verifierResources} can only look at what is there. */
const required: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [typeToken("VerifierFunction")]: {
    "aws:lambda/function:Function": "a function",
    "aws:cloudwatch/logGroup:LogGroup": "a log group of its own, with its retention",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "a queue for the launches that it failed at",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "a source for the stops that wait",
  },
  [typeToken("LaunchDetector")]: {
    "aws:cloudwatch/eventRule:EventRule": "a rule for launches",
    "aws:cloudwatch/eventTarget:EventTarget": "a target with a dead-letter queue",
  },
};

/** A resource of a stack, as far as this policy looks at it. */
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

/** No part of the verifier that keeps launches from being lost is missing. */
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
