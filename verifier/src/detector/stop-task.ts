import {
  ClusterNotFoundException,
  type ECSClient,
  InvalidParameterException,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import type { Launch } from "../ecs/launch";

/** The reason for a stop has no documented limit; the ECS agent cuts at 1024 (amazon-ecs-agent). */
const REASON_LIMIT = 255;

/**
 * From this age of a task on, ECS not knowing it means that it has ended, in milliseconds. Before, it can as well mean that
 * ECS does not know it yet: its API is eventually consistent (API reference, RunTask), which AWS has wait up to five
 * minutes. That it takes stopping a task that has ended for a stop, for as long as it knows it, is inferred
 * (ended-task-stop).
 */
const KNOWN_AFTER_MS = 5 * 60_000;

/** ECS does not know a task that has just been launched. Thrown so that it is tried again. */
export class TaskNotKnownYetError extends Error {
  override readonly name = "TaskNotKnownYetError";

  constructor({ taskArn }: Launch, cause: Error) {
    super(`ECS does not know ${taskArn} yet, or it has ended already: ${cause.message} It is tried again.`, { cause });
  }
}

/** @throws {@link TaskNotKnownYetError}, and what ECS refuses. */
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

/** The whole message counts: an error that quotes a part of what was asked could hold any words. */
function isNotFound(error: Error): boolean {
  // A cluster can only be deleted when no task runs in it.
  if (error instanceof ClusterNotFoundException) return true;
  return error instanceof InvalidParameterException && /^The referenced task was not found\.?$/.test(error.message);
}
