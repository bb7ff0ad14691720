/** The parts of an ECS ARN that the verifier looks at. */
export interface EcsArn {
  readonly text: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly type: "task" | "task-definition" | "cluster";
}

const ECS_ARN =
  /^arn:(?<partition>aws[a-z0-9-]{0,20}):ecs:(?<region>[a-z0-9-]{1,30}):(?<account>\d{12}):(?<type>task|task-definition|cluster)\/[\w:/-]{1,512}$/;

/** Reads the ARN of an ECS task (with or without its cluster's name), task definition or cluster; else undefined. */
export function parseEcsArn(text: string): EcsArn | undefined {
  const { partition, region, account, type } = ECS_ARN.exec(text)?.groups ?? {};
  if (partition === undefined || region === undefined || account === undefined) return undefined;
  if (type !== "task" && type !== "task-definition" && type !== "cluster") return undefined;
  return { text, partition, region, account, type };
}

/** Whether the ARN names one revision, which never changes; without it ECS takes the family's latest. */
export function namesRevision(taskDefinitionArn: string): boolean {
  return /:task-definition\/[\w-]+:\d+$/.test(taskDefinitionArn);
}
