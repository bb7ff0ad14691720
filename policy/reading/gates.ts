import type { ResourceValidationArgs } from "@pulumi/policy";
import { ANSWERS_HOOKS } from "../../components/gate/gate-names";
import { typeToken } from "../../components/type-token";
import { isInside } from "./urn";

type Args = Pick<ResourceValidationArgs, "type" | "urn" | "props">;

const gate = typeToken("DeploymentGate");
/** Has an invocation of its own, which guards nothing. */
const check = typeToken("DeploymentCheck");
const lambda = "aws:lambda/function:Function";

/** The parts of a gate whose loss fails the deployments of services that have its hook, or that keeps them. */
export type GatePart = "function" | "alias" | "invoker role" | "guard";

/** Whether a resource belongs to a `DeploymentGate` component. */
export function isOfGate({ urn }: Pick<Args, "urn">): boolean {
  return isInside(urn, gate);
}

/** Whether a resource is the function that ECS invokes, of a `DeploymentGate` component. */
export function isGateFunction(args: Args): boolean {
  if (args.type !== lambda || !isOfGate(args)) return false;
  const commands: readonly unknown[] = args.props.imageConfig?.commands ?? [];
  return commands[0] === ANSWERS_HOOKS;
}

/** Which of these parts a resource is; undefined if none. */
export function partOfGate(args: Args): GatePart | undefined {
  if (!isOfGate(args)) return undefined;
  if (args.type === "aws:lambda/alias:Alias") return "alias";
  if (args.type === "aws:lambda/invocation:Invocation") return isInside(args.urn, check) ? undefined : "guard";
  if (args.type === "aws:iam/role:Role")
    return isAssumedByEcs(args.props.assumeRolePolicy) ? "invoker role" : undefined;
  return isGateFunction(args) ? "function" : undefined;
}

function isAssumedByEcs(document: unknown): boolean {
  return (typeof document === "string" ? document : JSON.stringify(document ?? {})).includes('"ecs.amazonaws.com"');
}

/** The region of a resource, if it or its provider states one. */
export function readRegion({
  props,
  provider,
}: Pick<ResourceValidationArgs, "props" | "provider">): string | undefined {
  return props.region ?? provider?.props.region;
}
