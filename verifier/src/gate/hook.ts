/**
 * The stages of a deployment at which the gate is asked: before ECS starts tasks of the new revision, and when they have
 * started and their digests are known (ECS developer guide, "Lifecycle hooks for Amazon ECS service deployments").
 */
export const GATE_STAGES = ["PRE_SCALE_UP", "POST_SCALE_UP"] as const;

/** `audit` records what it would refuse; `enforce` refuses it. */
export type GateMode = "audit" | "enforce";

/** How much the keeper does: `none` looks only, `listed` attaches the gate to the named services, `all` to every one. */
export const ATTACH_SETTINGS = ["none", "listed", "all"] as const;

export type AttachSetting = (typeof ATTACH_SETTINGS)[number];

/** The gate's lifecycle hook of a service. */
export interface GateHook {
  /** ARN of the alias through which ECS invokes the function. */
  readonly targetArn: string;
  /** ARN of the role with which ECS invokes it. */
  readonly roleArn: string;
  readonly mode: GateMode;
}

/**
 * How long a hook in audit may go without an answer before ECS continues the deployment, in minutes. The gate itself answers
 * much sooner.
 */
export const AUDIT_TIMEOUT_MINUTES = 15;

/** Whether a hook invokes the gate: its function, under whatever version or alias. */
export function isGateTarget(hookTargetArn: string | undefined, targetArn: string): boolean {
  return hookTargetArn !== undefined && functionOf(hookTargetArn) === functionOf(targetArn);
}

/** `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`, without a version or alias. */
function functionOf(arn: string): string {
  return arn.split(":").slice(0, 7).join(":");
}
