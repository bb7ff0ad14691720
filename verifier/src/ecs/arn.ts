/**
 * A task of a managed daemon has a daemon task definition (inferred (daemon-task-definition): AWS documents no event of
 * one).
 */
const TYPES = ["task", "task-definition", "daemon-task-definition", "cluster"] as const;

export type EcsArnType = (typeof TYPES)[number];

/** The parts of an ECS ARN that the verifier uses. */
export interface EcsArn {
  readonly text: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly type: EcsArnType;
}

const ECS_ARN =
  /^arn:(?<partition>aws[a-z0-9-]{0,20}):ecs:(?<region>[a-z0-9-]{1,30}):(?<account>\d{12}):(?<type>task|task-definition|daemon-task-definition|cluster)\/[\w:/-]{1,512}$/;

/**
 * Reads the ARN of an ECS task (with or without the cluster's name), task definition or cluster; otherwise undefined.
 */
export function parseEcsArn(text: string): EcsArn | undefined {
  const { partition, region, account, type } = ECS_ARN.exec(text)?.groups ?? {};
  if (partition === undefined || region === undefined || account === undefined) return undefined;
  const known = TYPES.find((name) => name === type);
  return known === undefined ? undefined : { text, partition, region, account, type: known };
}

/** Whether the ARN names a revision, which never changes. Without one, ECS uses the latest of the family. */
export function namesRevision(taskDefinitionArn: string): boolean {
  return /:task-definition\/[\w-]+:\d+$/.test(taskDefinitionArn);
}

/** The family of a task definition: the part of its ARN before the revision. */
export function parseFamily(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.indexOf("/") + 1).replace(/:\d+$/, "");
}

/** The last part of an ARN such as that of a task, a cluster or a service; a name is its own last part. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
