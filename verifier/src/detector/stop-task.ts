import {
  ClusterNotFoundException,
  type ECSClient,
  InvalidParameterException,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import type { Launch } from "../ecs/launch";

/** AWS documents no limit for a stop's reason; the ECS agent cuts it at 1024 characters (amazon-ecs-agent). */
const REASON_LIMIT = 255;

/**
 * Age of a task, in milliseconds, from which "not found" means that it has ended. Before, ECS may not know it yet: its
 * API is eventually consistent (API reference, RunTask), and AWS advises to wait up to five minutes. That ECS accepts a
 * stop of a task that has ended, for as long as it knows the task, is inferred (ended-task-stop).
 */
const KNOWN_AFTER_MS = 5 * 60_000;

/** ECS does not know a task that has just been launched. Thrown so that the stop is retried. */
export class TaskNotKnownYetError extends Error {
  override readonly name = "TaskNotKnownYetError";

  constructor({ taskArn }: Launch, cause: Error) {
    super(
      `ECS does not know ${taskArn} yet, or the task has ended already: ${cause.message} The stop will be retried.`,
      { cause },
    );
  }
}

/** @throws {@link TaskNotKnownYetError}, and the errors of ECS. */
export async function stopTask(
  ecs: ECSClient,
  launch: Launch,
  reason: string,
  now: number,
): Promise<"stopped" | "already-stopped"> {
  const { clusterArn, taskArn, createdAt } = launch;
  try {
    await ecs.send(new StopTaskCommand({ cluster: clusterArn, task: taskArn, reason: reason.slice(0, REASON_LIMIT) }));
    return "stopped";
  } catch (error) {
    if (!(error instanceof Error) || !isNotFound(error)) throw error;
    if (now - createdAt.getTime() > KNOWN_AFTER_MS) return "already-stopped";
    throw new TaskNotKnownYetError(launch, error);
  }
}

/** The whole message must match: an error that quotes a part of the request could contain any words. */
function isNotFound(error: Error): boolean {
  // A cluster can be deleted only when no task runs in it.
  if (error instanceof ClusterNotFoundException) return true;
  return error instanceof InvalidParameterException && /^The referenced task was not found\.?$/.test(error.message);
}
