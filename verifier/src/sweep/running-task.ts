import type { Container, Task } from "@aws-sdk/client-ecs";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { parseEcsArn } from "../ecs/arn";
import { readDigest } from "../ecs/event";
import type { Launch, LaunchContainer } from "../ecs/launch";

/** A task that runs or is on its way up, with the containers that have not ended, as DescribeTasks has it now. */
export type RunningTask = Launch;

/**
 * Reads what DescribeTasks says of a task; undefined if it has ended.
 *
 * @throws an error if it says so little that nothing can be judged: a task must not be taken for one without containers.
 */
export function toRunningTask(task: Task, now: Date): RunningTask | undefined {
  const {
    taskArn,
    taskDefinitionArn,
    clusterArn,
    group,
    launchType,
    lastStatus,
    desiredStatus,
    containers = [],
  } = task;
  const { region, account } = parseEcsArn(taskArn ?? "") ?? {};
  if (!taskArn || !taskDefinitionArn || !clusterArn || region === undefined || account === undefined) {
    throw new Error(`ECS describes a task without its ARNs: ${taskArn ?? "no task ARN"}`);
  }
  if (lastStatus === "STOPPED" || lastStatus === "DELETED") return undefined;
  return {
    taskArn,
    taskDefinitionArn,
    clusterArn,
    region,
    account,
    ...withoutUndefined({
      group: group || undefined,
      launchType: launchType || undefined,
      startedBy: task.startedBy || undefined,
    }),
    lastStatus: lastStatus ?? "",
    desiredStatus: desiredStatus ?? "",
    version: task.version ?? 0,
    createdAt: task.createdAt ?? task.startedAt ?? now,
    eventTime: now,
    containers: containers.filter((one) => one.lastStatus !== "STOPPED").map((one) => toContainer(one, taskArn)),
  };
}

/** The API writes null or an empty text where an event has no such field. */
function toContainer({ name, image, imageDigest, runtimeId, lastStatus }: Container, taskArn: string): LaunchContainer {
  if (!name) throw new Error(`ECS describes a container of ${taskArn} without its name`);
  return {
    name,
    ...withoutUndefined({ image: image || undefined, runtimeId: runtimeId || undefined }),
    ...readDigest(imageDigest),
    lastStatus: lastStatus ?? "",
  };
}
