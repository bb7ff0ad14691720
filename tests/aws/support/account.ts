import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Resources } from "../../../verifier/src/settings";
import { IMAGE } from "../../support/launch-events";
import { createLedgerTable } from "./ledger-table";

/** What the SDK is told of a stand-in for AWS. */
export const clientOf = (address: string) => ({
  endpoint: `http://${address}`,
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "made-up-for-the-stand-in" },
});

/** Where the services are: `127.0.0.1:PORT`. */
export interface Services {
  /** moto: every service but DynamoDB. */
  readonly aws: string;
  readonly dynamodb: string;
}

/** The part of an AWS account that the detector works with, with names of its own. */
export interface Account {
  readonly resources: Resources;
  readonly cluster: string;
  readonly taskDefinition: string;
  /** Starts a task and gives its ARN. */
  runTask(group?: string): Promise<string>;
  task(arn: string): Promise<{ readonly desired: string; readonly reason: string }>;
  /** The details of the events that a rule has sent to a queue. */
  events(): Promise<readonly Record<string, unknown>[]>;
  /** The messages that the topic has sent to a queue. */
  messages(): Promise<readonly { readonly Subject: string; readonly Message: string }[]>;
  /** How many stops wait for the next window: messages that are delayed. */
  postponed(): Promise<number>;
  /** What stands in the ledger. */
  ledger(): Promise<NonNullable<Awaited<ReturnType<typeof scan>>>>;
}

/** @param services The services themselves, not a proxy that fails. */
export async function createAccount(services: Services): Promise<Account> {
  const config = clientOf(services.aws);
  const name = `t-${randomUUID().slice(0, 8)}`;
  const ecs = new ECSClient(config);
  const dynamodb = new DynamoDBClient(clientOf(services.dynamodb));
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const cluster = (await ecs.send(new CreateClusterCommand({ clusterName: name }))).cluster?.clusterArn ?? "";
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      containerDefinitions: [{ name: "web", image: IMAGE, memory: 128 }],
    }),
  );
  const taskDefinition = registered.taskDefinition?.taskDefinitionArn ?? "";
  await createLedgerTable(dynamodb, name);
  const orders = await createOrdersTable(dynamodb, new KMSClient(config), name);
  const queues = {
    events: await createQueue(sqs, `${name}-events`),
    messages: await createQueue(sqs, `${name}-sns`),
    postponed: await createQueue(sqs, `${name}-postponed`),
  };
  await sendEventsTo(new EventBridgeClient(config), name, queues.events.arn);
  const topic = await sendMessagesTo(new SNSClient(config), name, queues.messages.arn);

  return {
    resources: {
      LEDGER_TABLE: name,
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: topic,
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
      POSTPONED_QUEUE_URL: queues.postponed.url,
      ORDERS_TABLE: orders.table,
      ORDERS_KEY_ARN: orders.keyArn,
    },
    cluster,
    taskDefinition,
    async runTask(group) {
      const run = new RunTaskCommand({ cluster, taskDefinition, launchType: "FARGATE", ...(group ? { group } : {}) });
      return (await ecs.send(run)).tasks?.[0]?.taskArn ?? "";
    },
    async task(arn) {
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
      return { desired: tasks?.[0]?.desiredStatus ?? "", reason: tasks?.[0]?.stoppedReason ?? "" };
    },
    events: async () =>
      (await drain(sqs, queues.events.url))
        .map((body) => JSON.parse(body))
        // The default bus is shared by the tests of a run.
        .filter(({ detail }) => detail.cluster === cluster)
        .map(({ detail }) => detail),
    messages: async () => (await drain(sqs, queues.messages.url)).map((body) => JSON.parse(body)),
    async postponed() {
      const asked = new GetQueueAttributesCommand({
        QueueUrl: queues.postponed.url,
        AttributeNames: ["ApproximateNumberOfMessagesDelayed"],
      });
      return Number((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessagesDelayed);
    },
    ledger: () => scan(dynamodb, name),
  };
}

/** The table of the orders of the moment, and the key that proves them. */
async function createOrdersTable(dynamodb: DynamoDBClient, kms: KMSClient, name: string) {
  const table = `${name}-orders`;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["digest", "id"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "digest", KeyType: "HASH" },
        { AttributeName: "id", KeyType: "RANGE" },
      ],
    }),
  );
  const key = await kms.send(new CreateKeyCommand({}));
  return { table, keyArn: key.KeyMetadata?.Arn ?? "" };
}

async function scan(dynamodb: DynamoDBClient, TableName: string) {
  return (await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
}

async function createQueue(sqs: SQSClient, QueueName: string) {
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  return { url, arn: Attributes?.QueueArn ?? "" };
}

/** With the rule pattern of docs/events.md. */
async function sendEventsTo(events: EventBridgeClient, Rule: string, Arn: string): Promise<void> {
  const pattern = { source: ["ecs-image-verification"], "detail-type": ["Image Verdict"] };
  await events.send(new PutRuleCommand({ Name: Rule, EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: "queue", Arn }] }));
}

async function sendMessagesTo(sns: SNSClient, Name: string, Endpoint: string): Promise<string> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return TopicArn;
}

/** All that is in a queue; it is empty then. */
async function drain(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
