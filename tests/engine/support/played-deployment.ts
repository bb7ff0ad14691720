import type { DeploymentLifecycleHook, ServiceDeploymentStatus } from "@aws-sdk/client-ecs";
import { hookCallFor, type LocalDeployment } from "../../../local/ecs-deployments";
import type { HookAnswer } from "../../../verifier/src/gate/answer";
import { GATE_STAGES } from "../../../verifier/src/gate/hook";

/** Invokes the target of a hook with the call of ECS. Rejects if it cannot be invoked. */
export type InvokeHook = (hook: DeploymentLifecycleHook, call: unknown) => Promise<HookAnswer>;

/** How ECS treats the hooks of a service. */
export interface HookPlay {
  readonly invoke: InvokeHook;
  /** Whether ECS asks the hooks in a deployment. Default: in each. */
  readonly asks?: (deployment: { readonly isFirst: boolean }) => boolean;
}

/** A deployment of a service. */
export interface PlayedDeployment extends LocalDeployment {
  readonly taskDefinition: string;
  /** ARN of what the service ran when it was created. */
  readonly source: string | undefined;
  readonly createdAt: number;
  finishedAt?: number;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  /** Whether ECS started its task. */
  hasStarted: boolean;
}

/**
 * Deploys one task with the strategy ROLLING, as ECS is believed to do it: it asks the hooks at `PRE_SCALE_UP`, starts the task, asks
 * them at `POST_SCALE_UP`, and goes back at any answer but `SUCCEEDED`. That is what the acceptance is to find out on AWS
 * (docs/assumptions.md, gate-rolling and the rows after it): here it is only played. A hook that asks to be called again is not
 * played. Never rejects.
 *
 * @param given The hooks at the time of its creation: a change of the service counts from the next deployment on.
 * @returns Whether the service runs it now.
 */
export async function runDeployment(
  deployment: PlayedDeployment,
  given: readonly DeploymentLifecycleHook[],
  play: HookPlay,
): Promise<boolean> {
  const { source } = deployment;
  const isAsked = play.asks?.({ isFirst: source === undefined }) ?? true;
  const hooks = isAsked ? given : [];
  for (const stage of GATE_STAGES) {
    for (const hook of hooks.filter(({ lifecycleStages = [] }) => lifecycleStages.includes(stage))) {
      const call = hookCallFor(deployment, stage, hook.hookDetails);
      const status = await play.invoke(hook, call).then(
        ({ hookStatus }) => `returned ${hookStatus} status.`,
        (error: Error) => `could not be invoked: ${error.message}`,
      );
      if (status === "returned SUCCEEDED status.") continue;
      const reason = `Service deployment rolled back because ${stage} lifecycle hook(s) failed. Lifecycle hook target ${hook.hookTargetArn} ${status}`;
      Object.assign(deployment, {
        ...(source === undefined
          ? {
              status: "ROLLBACK_FAILED",
              statusReason: `${reason} No rollback candidate was found to run the rollback.`,
            }
          : { status: "ROLLBACK_SUCCESSFUL", statusReason: reason }),
        finishedAt: Date.now(),
      });
      return false;
    }
    deployment.hasStarted = true;
  }
  Object.assign(deployment, { status: "SUCCESSFUL", finishedAt: Date.now() });
  return true;
}

/** What ECS answers about it. A time is a number of seconds in this protocol. */
export function describeDeployment(deployment: PlayedDeployment) {
  const { deploymentArn, serviceArn, revisionArn, source, createdAt, finishedAt, status, statusReason } = deployment;
  return {
    serviceDeploymentArn: deploymentArn,
    serviceArn,
    createdAt: createdAt / 1000,
    ...(finishedAt === undefined ? {} : { finishedAt: finishedAt / 1000 }),
    status,
    statusReason,
    targetServiceRevision: { arn: revisionArn, requestedTaskCount: 1, runningTaskCount: deployment.hasStarted ? 1 : 0 },
    sourceServiceRevisions: source === undefined ? [] : [{ arn: source, requestedTaskCount: 1, runningTaskCount: 1 }],
  };
}
