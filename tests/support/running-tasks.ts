import { type AwsAnswers, AwsRefusal } from "../../local/aws-answers";

/** A container as DescribeTasks has it; all but its name and image may be left to this stand-in. */
export interface PlayedContainer {
  readonly name: string;
  readonly image?: string;
  readonly imageDigest?: string;
  readonly lastStatus?: string;
}

export interface PlayedTask {
  readonly containers: readonly PlayedContainer[];
  /** Default: `family:<family>`. */
  readonly group?: string;
  readonly lastStatus?: string;
  /** Default: one of its own. */
  readonly family?: string;
  readonly createdAt?: Date;
  /** ECS wants it to end, and it runs for now. */
  readonly isStopping?: boolean;
  /** It is listed, and has ended and is forgotten when it is described. */
  readonly isGone?: boolean;
}

/** The running tasks of some clusters, in a stand-in for ECS. */
export interface RunningTasks {
  readonly answers: AwsAnswers;
  /** Adds a cluster, with its tasks; gives its ARN. */
  put(cluster: string, tasks: readonly PlayedTask[]): string;
  /** The ARN of a cluster's task, by its place among those that were put there. */
  taskArn(cluster: string, index: number): string;
  /** The ARNs of the tasks that were stopped by StopTask, with the reason. */
  readonly stopped: ReadonlyMap<string, string>;
  clear(): void;
}

/**
 * Answers ListClusters, ListTasks (all, or a family; to be run or to be ended), DescribeTasks, DescribeTaskDefinition and StopTask. ListTasks gives pages of `perPage`.
 * A task definition has the containers whose image ECS reports.
 *
 * @param head `arn:aws:ecs:<region>:<account>`.
 */
export function runningTasks(head: string, perPage = 100): RunningTasks {
  const clusters = new Map<string, readonly PlayedTask[]>();
  const stopped = new Map<string, string>();
  const nameOf = (given: unknown) => String(given).split("/").at(-1) ?? "";
  const taskArn = (cluster: string, index: number) => `${head}:task/${cluster}/${index.toString(16).padStart(32, "0")}`;

  function tasksOf(cluster: unknown): readonly PlayedTask[] {
    const tasks = clusters.get(nameOf(cluster));
    if (tasks === undefined) throw new AwsRefusal("ClusterNotFoundException", "Cluster not found.");
    return tasks;
  }

  return {
    put(cluster, tasks) {
      clusters.set(cluster, tasks);
      return `${head}:cluster/${cluster}`;
    },
    clear() {
      clusters.clear();
      stopped.clear();
    },
    taskArn,
    stopped,
    answers: {
      "ECS.ListClusters": () => ({ clusterArns: [...clusters.keys()].map((name) => `${head}:cluster/${name}`) }),
      "ECS.ListTasks": ({ cluster, family, desiredStatus = "RUNNING", nextToken }) => {
        const name = nameOf(cluster);
        const all = tasksOf(cluster).flatMap((task, index) => {
          const arn = taskArn(name, index);
          const isWanted = family === undefined || family === familyOf(name, index, task);
          const wish = task.isStopping === true ? "STOPPED" : "RUNNING";
          return isWanted && wish === desiredStatus && !stopped.has(arn) ? [arn] : [];
        });
        const start = Number(nextToken ?? 0);
        const end = start + perPage;
        return { taskArns: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
      },
      "ECS.DescribeTasks": ({ cluster, tasks: asked }) => {
        const name = nameOf(cluster);
        const tasks = tasksOf(cluster);
        const described = (asked as readonly string[]).map((arn) => {
          const index = Number.parseInt(nameOf(arn), 16);
          return { arn, index, task: tasks[index] };
        });
        return {
          tasks: described.flatMap(({ arn, index, task }) =>
            task === undefined || task.isGone ? [] : [describe(arn, name, index, task)],
          ),
          failures: described.flatMap(({ arn, task }) =>
            task === undefined || task.isGone ? [{ arn, reason: "MISSING" }] : [],
          ),
        };
      },
      "ECS.StopTask": ({ task, reason }) => {
        stopped.set(String(task), String(reason));
        return { task: { taskArn: task } };
      },
      "ECS.DescribeTaskDefinition": ({ taskDefinition }) => {
        const [, cluster = "", index = ""] = /task-definition\/(.+)-(\d+):1$/.exec(String(taskDefinition)) ?? [];
        const { containers = [] } = tasksOf(cluster)[Number(index)] ?? {};
        const written = containers.filter(({ image }) => image !== undefined);
        return { taskDefinition: { taskDefinitionArn: taskDefinition, containerDefinitions: written } };
      },
    },
  };

  function familyOf(cluster: string, index: number, { family }: PlayedTask): string {
    return family ?? `${cluster}-${index}`;
  }

  function describe(arn: string, cluster: string, index: number, task: PlayedTask) {
    const { containers, group, lastStatus, createdAt, isStopping } = task;
    const family = familyOf(cluster, index, task);
    return {
      taskArn: arn,
      clusterArn: `${head}:cluster/${cluster}`,
      taskDefinitionArn: `${head}:task-definition/${family}:1`,
      group: group ?? `family:${family}`,
      lastStatus: lastStatus ?? "RUNNING",
      desiredStatus: isStopping === true ? "STOPPED" : "RUNNING",
      version: 4,
      ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() / 1000 }),
      containers: containers.map((one) => ({ lastStatus: "RUNNING", runtimeId: `${one.name}-1`, ...one })),
    };
  }
}
