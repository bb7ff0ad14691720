import {
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { type Fault, FixableError } from "../../trust/text/fixable-error";

/** How to run the sample. */
export interface SampleRunOptions {
  /** Name or ARN of the cluster. */
  readonly cluster: string;
  readonly launchType: "FARGATE" | "EC2";
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Gives the task a public address: without it, or a NAT gateway or VPC endpoints, its image cannot be pulled. */
  readonly publicIp: boolean;
  /** Shown by ECS as the task's `startedBy`. */
  readonly startedBy: string;
}

/** ECS accepted the call but started no task. */
export class TaskNotStartedError extends FixableError {
  override readonly name = "TaskNotStartedError";

  get fault(): Fault {
    return "failure";
  }
}

/** Starts a task of a task definition. Needs `ecs:RunTask`, and `iam:PassRole` on the task's execution role. */
export async function startTask(
  ecs: ECSClient,
  taskDefinition: string,
  { cluster, launchType, subnets, securityGroups, publicIp, startedBy }: SampleRunOptions,
): Promise<string> {
  const network = {
    subnets: [...subnets],
    ...(securityGroups.length === 0 ? {} : { securityGroups: [...securityGroups] }),
    // ECS accepts it for Fargate only.
    ...(launchType === "FARGATE" ? { assignPublicIp: publicIp ? ("ENABLED" as const) : ("DISABLED" as const) } : {}),
  };
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType,
      startedBy,
      ...(subnets.length === 0 ? {} : { networkConfiguration: { awsvpcConfiguration: network } }),
    }),
  );
  const arn = tasks[0]?.taskArn;
  if (arn !== undefined) return arn;
  throw new TaskNotStartedError(failures.map(explainFailure).join("; ") || "ECS returned neither a task nor a reason.");
}

/** Reasons of RunTask's `failures` (ECS developer guide, "API failure reasons"), and what to do about them. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^RESOURCE:/, "no container instance of the cluster has enough of it left: add one, or use --launch-type FARGATE"],
  [/^AGENT$/, "the container agent of the instance is not connected: check the instance"],
  [/^ATTRIBUTE$/, "no container instance has what the task definition requires: is it of another architecture?"],
  [/^(INACTIVE|MISSING)$/, "the container instance or the cluster no longer exists"],
  [/^Capacity is unavailable/i, "Fargate has no capacity there at this time: try again, or name another subnet"],
];

/** Why no task was started, and what to do. */
export function explainFailure({ reason = "no reason given", detail, arn }: Failure): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(reason))?.[1];
  const what = [reason, ...(arn === undefined ? [] : [`of ${arn}`]), ...(detail === undefined ? [] : [`(${detail})`])];
  return `${what.join(" ")}${advice === undefined ? "" : `: ${advice}`}`;
}

/** The state of a task in ECS. */
export interface TaskState {
  readonly task: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  /** Why the task was or is being stopped; empty if it is not. */
  readonly stoppedReason: string;
}

/** Gets the state of tasks; those that ECS does not return, yet or any more, are missing. Needs `ecs:DescribeTasks`. */
export async function readStates(ecs: ECSClient, cluster: string, tasks: readonly string[]): Promise<TaskState[]> {
  const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] }));
  return (answer.tasks ?? []).map(({ taskArn = "", lastStatus = "", desiredStatus = "", stoppedReason = "" }) => ({
    task: taskArn,
    lastStatus,
    desiredStatus,
    stoppedReason,
  }));
}

/** Stops a task. Needs `ecs:StopTask`. */
export async function stopSample(ecs: ECSClient, cluster: string, task: string): Promise<void> {
  await ecs.send(new StopTaskCommand({ cluster, task, reason: "run-sample has ended" }));
}
