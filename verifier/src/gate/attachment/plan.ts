import type { DeploymentLifecycleHook, Service } from "@aws-sdk/client-ecs";
import type { GateHook } from "../hook";
import { isAsWanted, isOurs, type LifecycleHook, toLifecycleHook } from "./hooks";

/** Why a service is left as it is although the gate's hook should be attached or taken away. */
export type SkipReason =
  /** ECS does not know it. */
  | "not-found"
  /** It is being deleted, or was. */
  | "not-active"
  /** Another deployment controller than ECS, which knows no hooks. */
  | "other-controller"
  /** It has as many Lambda hooks as ECS allows. */
  | "hook-limit"
  /** A hook that is changed during a deployment does not reach that deployment. */
  | "deployment-in-progress";

/** What is to be done about one service. */
export type Plan =
  /** Its hooks are as they should be. */
  | { readonly action: "nothing" }
  | { readonly action: "skip"; readonly reason: SkipReason }
  | { readonly action: "update"; readonly before: readonly LifecycleHook[]; readonly after: readonly LifecycleHook[] };

/** What a plan depends on; a subset of what ECS says about a service. */
export type DescribedService = Pick<
  Service,
  "status" | "deploymentController" | "deploymentConfiguration" | "deployments"
>;

/** ECS developer guide, "Lifecycle hooks for Amazon ECS service deployments": PAUSE hooks have a limit of their own. */
const MOST_LAMBDA_HOOKS = 10;

/**
 * Whether ECS itself deploys the service: other controllers know no hooks. Without a controller in the answer it is ECS, the
 * default.
 */
export function hasEcsController({ deploymentController }: Pick<Service, "deploymentController">): boolean {
  return (deploymentController?.type ?? "ECS") === "ECS";
}

const NOTHING: Plan = { action: "nothing" };

/**
 * What to do so that a service has the gate's hook: exactly one, with the target, role and stages of `gate`. Hooks of
 * others stay as they are and in their order.
 */
export function planAttachment(service: DescribedService, gate: GateHook): Plan {
  const before = hooksOf(service);
  const ours = before.filter((hook) => isOurs(hook, gate.targetArn));
  const [first] = ours;
  if (first !== undefined && ours.length === 1 && isAsWanted(first, gate)) return NOTHING;
  const reason = reasonToSkip(service);
  if (reason !== undefined) return { action: "skip", reason };
  const others = before.filter((hook) => !ours.includes(hook));
  // Ours stays where it was, or comes last.
  const place = first === undefined ? others.length : before.indexOf(first);
  const after = [...others.slice(0, place), toLifecycleHook(gate), ...others.slice(place)];
  const lambdaHooks = after.filter(({ targetType }) => targetType !== "PAUSE").length;
  if (lambdaHooks > MOST_LAMBDA_HOOKS) return { action: "skip", reason: "hook-limit" };
  return { action: "update", before, after };
}

/** What to do so that a service has no hook of the gate. Hooks of others stay as they are and in their order. */
export function planDetachment(service: DescribedService, { targetArn }: Pick<GateHook, "targetArn">): Plan {
  const before = hooksOf(service);
  const after = before.filter((hook) => !isOurs(hook, targetArn));
  if (after.length === before.length) return NOTHING;
  const reason = reasonToSkip(service);
  return reason === undefined ? { action: "update", before, after } : { action: "skip", reason };
}

/** The lifecycle hooks of a service, in their order. */
export function hooksOf({ deploymentConfiguration }: DescribedService): readonly DeploymentLifecycleHook[] {
  return deploymentConfiguration?.lifecycleHooks ?? [];
}

function reasonToSkip(service: DescribedService): SkipReason | undefined {
  const { status, deployments = [] } = service;
  if (status !== "ACTIVE") return "not-active";
  if (!hasEcsController(service)) return "other-controller";
  // While ECS deploys, the earlier deployment is listed as well, or the newest is not complete (API reference,
  // Deployment). That this holds for every strategy is inferred (deployment-in-description).
  const open = deployments.filter(({ status: state }) => state !== "INACTIVE");
  const isDeploying = open.length > 1 || open.some(({ rolloutState }) => rolloutState === "IN_PROGRESS");
  return isDeploying ? "deployment-in-progress" : undefined;
}
