import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import { toLifecycleHook } from "../../verifier/src/gate/attachment/hooks";
import type { GateHook } from "../../verifier/src/gate/hook";

const FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function";

export const GATE: GateHook = {
  targetArn: `${FUNCTION}:gate:live`,
  roleArn: "arn:aws:iam::111122223333:role/gate-invoker",
  mode: "enforce",
};

export const AUDIT: GateHook = { ...GATE, mode: "audit" };

/** The gate's hook as it is attached, with changes. */
export function gateHook(changes: Partial<DeploymentLifecycleHook> = {}, gate = GATE): DeploymentLifecycleHook {
  return { ...toLifecycleHook(gate), ...changes };
}

/** A hook of somebody else that has everything a hook can have. */
export function otherHook(name = "canary", changes: Partial<DeploymentLifecycleHook> = {}): DeploymentLifecycleHook {
  return {
    targetType: "AWS_LAMBDA",
    hookTargetArn: `${FUNCTION}:${name}`,
    roleArn: "arn:aws:iam::111122223333:role/other",
    lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT", "PRE_SCALE_UP"],
    hookDetails: { threshold: 0.5, list: [1, "two", null, { three: true }], text: "ü\u2028" },
    timeoutConfiguration: { timeoutInMinutes: 7, action: "CONTINUE" },
    ...changes,
  };
}

export const PAUSE_HOOK: DeploymentLifecycleHook = {
  targetType: "PAUSE",
  lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
  timeoutConfiguration: { timeoutInMinutes: 20_160, action: "ROLLBACK" },
};
