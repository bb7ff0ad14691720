import {
  ClusterNotFoundException,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { AWS_CALLS } from "../aws-calls";
import type { Pace } from "./pace";
import { type RunningTask, toRunningTask } from "./running-task";

/** Tasks of a page of ListTasks, and tasks that one DescribeTasks describes (API reference). */
const PER_CALL = 100;

/**
 * How a client for {@link listRunningTasks} is made: a fleet is read against ECS's rates, so a call that is throttled is
 * tried again with growing pauses, and the SDK keeps below the rate that it has found.
 */
export const LISTING_CALLS = { ...AWS_CALLS, maxAttempts: 10, retryMode: "adaptive" } as const;

/** Which tasks are read. */
export interface TaskQuery {
  /** Name or ARN. */
  readonly cluster: string;
  /** Only tasks of this task definition family. */
  readonly family?: string;
  /**
   * `STOPPED`: those that ECS wants to end, until an hour after they have. Default: those that it wants to run (API reference,
   * ListTasks).
   */
  readonly desiredStatus?: "STOPPED";
}

/** A page of tasks, and where the next begins. */
export interface TaskPage {
  readonly tasks: readonly RunningTask[];
  readonly next: string | undefined;
}

/**
 * Reads the tasks of a cluster that ECS wants to run, a page at a time. A task that ends meanwhile is left out.
 * Tasks of managed daemons are among them: inferred (listing-daemon-tasks). Needs `ecs:ListTasks` and `ecs:DescribeTasks`.
 *
 * @throws the errors of ECS, also {@link ClusterNotFoundException}, and an error for a task that ECS lists and does not
 * describe: no page and no task is left out silently.
 */
export async function* listRunningTasks(ecs: ECSClient, query: TaskQuery): AsyncGenerator<readonly RunningTask[]> {
  let next: string | undefined;
  do {
    const page = await readTaskPage(ecs, query, next);
    if (page.tasks.length > 0) yield page.tasks;
    next = page.next;
  } while (next !== undefined);
}

/** Reads one page, as {@link listRunningTasks} does. @param pace Both calls wait for it. */
export async function readTaskPage(
  ecs: ECSClient,
  query: TaskQuery,
  from: string | undefined,
  pace?: Pace,
): Promise<TaskPage> {
  await pace?.begin();
  const { taskArns = [], nextToken } = await ecs.send(
    new ListTasksCommand({ ...query, maxResults: PER_CALL, ...withoutUndefined({ nextToken: from }) }),
  );
  if (taskArns.length === 0) return { tasks: [], next: nextToken };
  await pace?.begin();
  return { tasks: await describeTasks(ecs, query.cluster, taskArns), next: nextToken };
}

/** Whether a cluster is not there (any more). */
export function isClusterGone(error: unknown): boolean {
  return error instanceof ClusterNotFoundException;
}

async function describeTasks(ecs: ECSClient, cluster: string, arns: string[]): Promise<readonly RunningTask[]> {
  const { tasks = [], failures = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
  const described = new Set(tasks.map(({ taskArn }) => taskArn));
  for (const arn of arns) if (!described.has(arn)) checkFailure(arn, failures);
  const now = new Date();
  return tasks.flatMap((task) => toRunningTask(task, now) ?? []);
}

/** MISSING: the task has ended and is forgotten (ECS developer guide, "API failures messages"). Anything else tells nothing. */
function checkFailure(arn: string, failures: readonly Failure[]): void {
  const failure = failures.find((one) => one.arn === arn);
  if (failure?.reason === "MISSING") return;
  throw new Error(`ECS does not describe ${arn}: ${failure?.reason ?? "no reason"} ${failure?.detail ?? ""}`.trim());
}
