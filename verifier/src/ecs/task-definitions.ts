import { DescribeTaskDefinitionCommand, type ECSClient } from "@aws-sdk/client-ecs";
import { LRUCache } from "lru-cache";
import { describeAwsError, isAwsUnavailable } from "../aws-error";
import { namesRevision } from "./arn";

/** The containers of a task definition could not be read. */
export class TaskDefinitionError extends Error {
  override readonly name = "TaskDefinitionError";

  constructor(
    readonly taskDefinitionArn: string,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`Cannot read the containers of task definition ${taskDefinitionArn}: ${what}`, options);
  }
}

export interface TaskDefinitionsOptions {
  readonly client: ECSClient;
  /** The number of revisions kept in memory. */
  readonly max?: number;
}

/**
 * Creates the lookup of the container names in a task definition revision.
 * Revisions never change, so each is read once, however many callers wait for it. Failed reads are repeated.
 * The lookup rejects with {@link TaskDefinitionError}. Needs `ecs:DescribeTaskDefinition`, which IAM grants on `*`
 * only.
 */
export function taskDefinitionContainers({
  client,
  max = 500,
}: TaskDefinitionsOptions): (taskDefinitionArn: string) => Promise<ReadonlySet<string>> {
  const asked = new LRUCache<string, Promise<ReadonlySet<string>>>({ max });

  return (taskDefinitionArn) => {
    const known = asked.get(taskDefinitionArn);
    if (known !== undefined) return known;
    const names = describe(client, taskDefinitionArn);
    asked.set(taskDefinitionArn, names);
    names.catch(() => {
      if (asked.peek(taskDefinitionArn) === names) asked.delete(taskDefinitionArn);
    });
    return names;
  };
}

async function describe(client: ECSClient, taskDefinitionArn: string): Promise<ReadonlySet<string>> {
  // ECS would return the latest revision of the family, which may not be the one that is launched.
  if (!namesRevision(taskDefinitionArn)) {
    throw new TaskDefinitionError(taskDefinitionArn, "the ARN names no revision; it must end with :<number>.");
  }
  const { taskDefinition } = await ask(client, taskDefinitionArn);
  const names = (taskDefinition?.containerDefinitions ?? []).flatMap(({ name }) => (name ? [name] : []));
  // If an empty list were accepted, every container with such a name would count as added by AWS.
  if (names.length === 0) throw new TaskDefinitionError(taskDefinitionArn, "ECS returned no container.");
  return new Set(names);
}

async function ask(client: ECSClient, taskDefinitionArn: string) {
  try {
    return await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
  } catch (error) {
    const next = isAwsUnavailable(error)
      ? "It will be retried with the next attempt."
      : "AWS credentials are needed whose role allows ecs:DescribeTaskDefinition.";
    throw new TaskDefinitionError(taskDefinitionArn, `${describeAwsError(error)}. ${next}`, { cause: error });
  }
}
