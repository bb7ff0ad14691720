import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateRepositoryCommand, DeleteRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DeregisterTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { DeleteRuleCommand, EventBridgeClient, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientOf } from "../../aws/support/account";
import type { Properties } from "./properties";
import type { ResourceKind } from "./resource-kind";
import type { ProviderPackage } from "./resource-provider";

/** The stream in each log group of {@link alsoInMoto}. */
export const LOG_STREAM = "2026/06/15/[$LATEST]0123456789abcdef";

/** How a resource of the stand-in is made and removed in moto as well. */
interface InMoto {
  create(inputs: Properties): Promise<unknown>;
  remove(inputs: Properties, id: string): Promise<unknown>;
}

/**
 * The stand-in for the provider `aws`, whose task definitions, topics, queues, log groups, repositories and rules are in moto as
 * well, by the same names, so that commands which call AWS find them.
 *
 * @param address `127.0.0.1:PORT` of moto, known once the first resource is made.
 */
export function alsoInMoto(provided: ProviderPackage, address: () => string): ProviderPackage {
  const kinds = Object.entries(provided.kinds).map(([type, kind]): readonly [string, ResourceKind] => {
    const make = IN_MOTO[type];
    if (make === undefined) return [type, kind];
    const both: ResourceKind = {
      ...kind,
      async create(resource) {
        const made = await kind.create(resource);
        await make(address()).create(resource.inputs);
        return made;
      },
      async remove(resource, old) {
        await kind.remove?.(resource, old);
        await make(address()).remove(resource.inputs, old.id);
      },
    };
    return [type, both];
  });
  return { ...provided, kinds: Object.fromEntries(kinds) };
}

const IN_MOTO: Readonly<Record<string, (address: string) => InMoto>> = {
  "aws:cloudwatch/eventRule:EventRule": (address) => {
    const events = new EventBridgeClient(clientOf(address));
    return {
      create: ({ name, eventPattern, scheduleExpression }) =>
        events.send(
          new PutRuleCommand({
            Name: String(name),
            ...(scheduleExpression === undefined
              ? { EventPattern: String(eventPattern) }
              : { ScheduleExpression: String(scheduleExpression) }),
          }),
        ),
      remove: ({ name }) => events.send(new DeleteRuleCommand({ Name: String(name) })),
    };
  },
  "aws:cloudwatch/logGroup:LogGroup": (address) => {
    const logs = new CloudWatchLogsClient(clientOf(address));
    return {
      async create({ name }) {
        const group = { logGroupName: String(name) };
        await logs.send(new CreateLogGroupCommand(group));
        await logs.send(new CreateLogStreamCommand({ ...group, logStreamName: LOG_STREAM }));
      },
      remove: ({ name }) => logs.send(new DeleteLogGroupCommand({ logGroupName: String(name) })),
    };
  },
  "aws:ecr/repository:Repository": (address) => {
    const ecr = new ECRClient(clientOf(address));
    return {
      create: ({ name }) => ecr.send(new CreateRepositoryCommand({ repositoryName: String(name) })),
      remove: ({ name }) => ecr.send(new DeleteRepositoryCommand({ repositoryName: String(name) })),
    };
  },
  "aws:ecs/taskDefinition:TaskDefinition": (address) => {
    const ecs = new ECSClient(clientOf(address));
    return {
      create: ({ family, containerDefinitions }) => {
        const definitions = JSON.parse(String(containerDefinitions)).map((one: object) => ({ memory: 128, ...one }));
        return ecs.send(
          new RegisterTaskDefinitionCommand({ family: String(family), containerDefinitions: definitions }),
        );
      },
      remove: ({ family }) => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:1` })),
    };
  },
  "aws:sns/topic:Topic": (address) => {
    const sns = new SNSClient(clientOf(address));
    return {
      create: ({ name }) => sns.send(new CreateTopicCommand({ Name: String(name) })),
      remove: (_, id) => sns.send(new DeleteTopicCommand({ TopicArn: id })),
    };
  },
  "aws:sqs/queue:Queue": (address) => {
    const sqs = new SQSClient({ ...clientOf(address), useQueueUrlAsEndpoint: false });
    return {
      create: ({ name }) => sqs.send(new CreateQueueCommand({ QueueName: String(name) })),
      remove: (_, id) => sqs.send(new DeleteQueueCommand({ QueueUrl: id })),
    };
  },
};
