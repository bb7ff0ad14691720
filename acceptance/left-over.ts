import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetSigningProfileCommand } from "@aws-sdk/client-signer";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { withoutUndefined } from "../trust/text/without-undefined";
import { describeAwsError } from "../verifier/src/aws-error";
import type { AwsClients } from "./context";
import type { StackResource } from "./pulumi-state";

/** The result of looking for a stack's resources after their removal. */
export interface LeftOver {
  /** Resources that still exist. */
  readonly left: readonly StackResource[];
  /** How many were looked for. */
  readonly looked: number;
  /** Why some could not be checked, each reason once. */
  readonly unknown: readonly string[];
}

/** Whether the resource exists; throws the service's error if it does not. */
type Probe = (clients: AwsClients, id: string) => Promise<boolean>;

/** How to look up each resource type that outlives others or costs money. */
const PROBES: Readonly<Record<string, Probe>> = {
  "aws:cloudwatch/eventRule:EventRule": async ({ events }, id) => {
    // For a bus other than the default one it is `<bus>/<rule>`.
    const [rule, bus] = id.split("/").reverse();
    await events.send(new DescribeRuleCommand({ Name: rule, ...withoutUndefined({ EventBusName: bus }) }));
    return true;
  },
  "aws:cloudwatch/logGroup:LogGroup": async ({ logs }, name) => {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups.some(({ logGroupName }) => logGroupName === name);
  },
  "aws:dynamodb/table:Table": async ({ dynamodb }, TableName) => {
    await dynamodb.send(new DescribeTableCommand({ TableName }));
    return true;
  },
  "aws:ecr/repository:Repository": async ({ ecr }, name) => {
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    return repositories.length > 0;
  },
  // A deregistered revision can still be described.
  "aws:ecs/taskDefinition:TaskDefinition": async ({ ecs }, taskDefinition) => {
    const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return answer.taskDefinition?.status === "ACTIVE";
  },
  // A key that was removed is pending deletion for 30 days, and cannot be used.
  "aws:kms/key:Key": async ({ kms }, KeyId) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    return KeyMetadata?.KeyState !== "PendingDeletion";
  },
  "aws:lambda/function:Function": async ({ lambda }, FunctionName) => {
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return true;
  },
  // A removed profile is cancelled; AWS deletes it only some time after its last signature has expired.
  "aws:signer/signingProfile:SigningProfile": async ({ signer }, profileName) => {
    const { status } = await signer.send(new GetSigningProfileCommand({ profileName }));
    return status === "Active";
  },
  "aws:sns/topic:Topic": async ({ sns }, TopicArn) => {
    await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return true;
  },
  "aws:sqs/queue:Queue": async ({ sqs }, url) => {
    await sqs.send(new GetQueueUrlCommand({ QueueName: url.slice(url.lastIndexOf("/") + 1) }));
    return true;
  },
};

/** Looks in AWS for the resources that a stack had created, for the supported types. */
export async function leftOver(clients: AwsClients, resources: readonly StackResource[]): Promise<LeftOver> {
  const looked = resources.flatMap((resource) => {
    const probe = PROBES[resource.type];
    return probe === undefined ? [] : [{ resource, probe }];
  });
  const left: StackResource[] = [];
  const unknown = new Set<string>();
  // One after the other: these calls have low rates, and there are a few dozen.
  for (const { resource, probe } of looked) {
    try {
      if (await probe(clients, resource.id)) left.push(resource);
    } catch (error) {
      if (!isNotFound(error)) unknown.add(`${resource.type}: ${describeAwsError(error)}`);
    }
  }
  return { left, looked: looked.length, unknown: [...unknown] };
}

/** Each service has its own error name. ECS returns ClientException for a task definition. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /NotFound|NonExistent|DoesNotExist/.test(error.name) ||
    (error.name === "ClientException" && /Unable to describe task definition/.test(error.message))
  );
}
