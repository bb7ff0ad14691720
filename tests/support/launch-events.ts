import { readEvent, type TaskEvent } from "../fixtures/ecs/read";

export const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/orders";
export const TASK = "arn:aws:ecs:eu-west-1:111122223333:task/orders/4cf3f47c77c414b6a44fbc0445d97f3c";
export const TASK_DEFINITION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/worker:7";
export const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app";
export const IMAGE = `${REPOSITORY}:1`;

export const DIGEST = `sha256:${"a".repeat(64)}`;
export const OTHER_DIGEST = `sha256:${"c".repeat(64)}`;

/** When the events of the tests were made. */
export const EVENT_TIME = new Date("2026-06-15T12:00:00Z");

export interface EventContainer {
  readonly name: string;
  readonly image?: string;
  readonly imageDigest?: string;
  readonly runtimeId?: string;
  readonly lastStatus?: string;
}

/** Fields of an event's detail that differ from those of a task started by RunTask. */
export interface EventChanges {
  readonly containers?: readonly EventContainer[];
  readonly [field: string]: unknown;
}

/** A task of which ECS has reported the digests, as it does at the latest when it runs. */
export function runningEvent({ containers = [{ name: "web", imageDigest: DIGEST }], ...detail }: EventChanges = {}) {
  return taskEvent("RUNNING", containers, { version: 4, ...detail });
}

/** A task on its way up, of which only the tags are known. */
export function pendingEvent({ containers = [{ name: "web" }], ...detail }: EventChanges = {}) {
  return taskEvent("PENDING", containers, { version: 1, ...detail });
}

/** A task that has ended, of whose containers those have run that have a runtime id. */
export function stoppedEvent({
  containers = [{ name: "web", imageDigest: DIGEST, runtimeId: RUNTIME_ID }],
  ...detail
}: EventChanges = {}) {
  return taskEvent("STOPPED", containers, { version: 6, desiredStatus: "STOPPED", ...detail });
}

/** As EC2 has them; Fargate's begin with the task's id. */
export const RUNTIME_ID = "4a890e42896b751cbf596f836064f7583f5b42b3ef136ef30647a71cf7e624c8";

function taskEvent(
  lastStatus: string,
  containers: readonly EventContainer[],
  detail: Readonly<Record<string, unknown>>,
): TaskEvent {
  const event = readEvent("running-ec2");
  return {
    ...event,
    time: EVENT_TIME.toISOString(),
    detail: {
      ...event.detail,
      clusterArn: CLUSTER,
      taskArn: TASK,
      taskDefinitionArn: TASK_DEFINITION,
      lastStatus,
      createdAt: new Date(EVENT_TIME.getTime() - 5000).toISOString(),
      ...detail,
      containers: containers.map((container) => ({ image: IMAGE, lastStatus, ...container })),
    },
  };
}
