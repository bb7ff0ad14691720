import { isDeepStrictEqual } from "node:util";
import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import { AUDIT_TIMEOUT_MINUTES, GATE_STAGES, type GateHook, isGateTarget } from "../hook";

/**
 * A lifecycle hook as ECS describes and takes it. The SDK passes on only the fields that it knows: that those of others'
 * hooks have no more is inferred (hook-fields).
 */
export type LifecycleHook = Readonly<DeploymentLifecycleHook>;

/**
 * The gate's hook as it is written. In audit a hook without an answer lets the deployment go on; without
 * `timeoutConfiguration` ECS rolls it back after a day (API reference, DeploymentLifecycleHookTimeoutConfiguration).
 */
export function toLifecycleHook({ targetArn, roleArn, mode }: GateHook): DeploymentLifecycleHook {
  return {
    targetType: "AWS_LAMBDA",
    hookTargetArn: targetArn,
    roleArn,
    lifecycleStages: [...GATE_STAGES],
    ...(mode === "audit"
      ? { timeoutConfiguration: { timeoutInMinutes: AUDIT_TIMEOUT_MINUTES, action: "CONTINUE" } }
      : {}),
  };
}

/** Whether a hook is the gate's, whatever its other fields. A PAUSE hook has no target. */
export function isOurs({ hookTargetArn }: LifecycleHook, targetArn: string): boolean {
  return isGateTarget(hookTargetArn, targetArn);
}

/**
 * Whether a hook is as it should be: target, role and stages, and a timeout that fits the mode, so that an audit's
 * CONTINUE does not survive into enforce. ECS may report no timeout, where it takes none for Lambda hooks.
 */
export function isAsWanted(hook: LifecycleHook, { targetArn, roleArn, mode }: GateHook): boolean {
  const stages = new Set<string>(hook.lifecycleStages);
  const action = hook.timeoutConfiguration?.action;
  return (
    hook.hookTargetArn === targetArn &&
    hook.roleArn === roleArn &&
    stages.size === GATE_STAGES.length &&
    GATE_STAGES.every((stage) => stages.has(stage)) &&
    (action === undefined || (action === "CONTINUE") === (mode === "audit"))
  );
}

/**
 * Whether the hooks of a service are those that were expected, in whatever order, since hooks of one stage run side by side: those
 * of others exactly; the gate's as far as {@link isAsWanted} looks, since ECS may report what it adds, such as the default
 * timeout.
 */
export function areAsExpected(found: readonly LifecycleHook[], expected: readonly LifecycleHook[], gate: GateHook) {
  const left = [...found];
  const take = (isIt: (hook: LifecycleHook) => boolean) => {
    const index = left.findIndex(isIt);
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  };
  const areThere = expected.every((wanted) =>
    take((hook) => (isOurs(wanted, gate.targetArn) ? isAsWanted(hook, gate) : isSame(hook, wanted))),
  );
  return areThere && left.length === 0;
}

/** Fields that are undefined are not there. */
function isSame(one: LifecycleHook, other: LifecycleHook): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
