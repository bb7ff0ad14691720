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
  /** It is listed, and has ended and is forgotten when it is described. */
  readonly isGone?: boolean;
}

/** The running tasks of some clusters, in a stand-in for ECS. */
export interface RunningTasks {
  readonly answers: AwsAnswers;
  /** Adds a cluster, with its tasks; gives its ARN. */
  put(cluster: string, tasks: readonly PlayedTask[]): string;
  clear(): void;
}

/**
 * Answers ListClusters, ListTasks, DescribeTasks and DescribeTaskDefinition. ListTasks gives pages of `perPage`.
 * A task definition has the containers whose image ECS reports.
 *
 * @param head `arn:aws:ecs:<region>:<account>`.
 */
export function runningTasks(head: string, perPage = 100): RunningTasks {
  const clusters = new Map<string, readonly PlayedTask[]>();
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
    clear: () => clusters.clear(),
    answers: {
      "ECS.ListClusters": () => ({ clusterArns: [...clusters.keys()].map((name) => `${head}:cluster/${name}`) }),
      "ECS.ListTasks": ({ cluster, nextToken }) => {
        const all = tasksOf(cluster).map((_, index) => taskArn(nameOf(cluster), index));
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
      "ECS.DescribeTaskDefinition": ({ taskDefinition }) => {
        const [, cluster = "", index = ""] = /task-definition\/(.+)-(\d+):1$/.exec(String(taskDefinition)) ?? [];
        const { containers = [] } = tasksOf(cluster)[Number(index)] ?? {};
        const written = containers.filter(({ image }) => image !== undefined);
        return { taskDefinition: { taskDefinitionArn: taskDefinition, containerDefinitions: written } };
      },
    },
  };

  function describe(arn: string, cluster: string, index: number, { containers, group, lastStatus }: PlayedTask) {
    const family = `${cluster}-${index}`;
    return {
      taskArn: arn,
      clusterArn: `${head}:cluster/${cluster}`,
      taskDefinitionArn: `${head}:task-definition/${family}:1`,
      group: group ?? `family:${family}`,
      lastStatus: lastStatus ?? "RUNNING",
      desiredStatus: "RUNNING",
      version: 4,
      containers: containers.map((one) => ({ lastStatus: "RUNNING", runtimeId: `${one.name}-1`, ...one })),
    };
  }
}
