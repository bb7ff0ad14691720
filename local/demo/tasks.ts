import type { DemoContainer, DemoTask } from "./events";
import type { Stage } from "./stage";

type Change = Partial<Pick<DemoTask, "service">>;

/** A running Fargate task. */
export function fargateTask(
  { clock }: Pick<Stage, "clock">,
  family: string,
  containers: readonly DemoContainer[],
  change: Change = {},
): DemoTask {
  const createdAt = new Date(clock.now());
  return { family, launchType: "FARGATE", lastStatus: "RUNNING", version: 3, createdAt, containers, ...change };
}

/** A Fargate task that waits for its network interface: ECS does not know any digest yet. */
export function provisioning(task: DemoTask): DemoTask {
  const containers = task.containers.map(({ digest: _, ...container }) => container);
  return { ...task, containers, lastStatus: "PROVISIONING", version: 1 };
}

/** A task that ended by itself; its last event has the digests of the containers that ran. */
export function ended(task: DemoTask): DemoTask {
  return { ...task, lastStatus: "STOPPED", version: 6 };
}

/** A task on EC2 in bridge mode, at its first event: the agent may report digests before it pulls. */
export function ec2Task(stage: Pick<Stage, "clock">, family: string, containers: readonly DemoContainer[]): DemoTask {
  return { ...fargateTask(stage, family, containers), launchType: "EC2", lastStatus: "PENDING", version: 2 };
}
