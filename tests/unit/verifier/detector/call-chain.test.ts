import assert from "node:assert/strict";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { assembleDetector } from "../../../../verifier/src/detector/assemble";
import { handleLaunch } from "../../../../verifier/src/detector/handle";
import type { Order } from "../../../../verifier/src/orders/order";
import { settings, unsigned } from "../../../support/detector";
import { EVENT_TIME, type EventChanges, pendingEvent, TASK_DEFINITION } from "../../../support/launch-events";
import { block } from "../../../support/orders";
import { virtualTime } from "../../../support/virtual-time";
import { ownRegistry } from "../../trust/documents";

const REVISION = "arn:aws:ecs:eu-west-1:111122223333:service-revision/orders/checkout/2";
const DEPLOYMENT = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/orders/checkout/2";
const DIGEST = `sha256:${"a".repeat(64)}`;
const BY_DIGEST = { containers: [{ name: "web", image: `${ownRegistry}/team/app@${DIGEST}` }] };
const SERVICE = { ...BY_DIGEST, group: "service:checkout" };

/** What ECS answers about a service: it deploys the task's definition, and its history has this. */
function answersOf(history: readonly object[]) {
  return (command: object): object => {
    if (command instanceof ListServiceDeploymentsCommand) {
      const isPast = command.input.status?.includes("SUCCESSFUL");
      const current = { serviceDeploymentArn: DEPLOYMENT, targetServiceRevisionArn: REVISION };
      return { serviceDeployments: isPast ? history : [current] };
    }
    if (command instanceof DescribeServiceRevisionsCommand)
      return { serviceRevisions: [{ serviceRevisionArn: REVISION, taskDefinition: TASK_DEFINITION }] };
    if (command instanceof DescribeServiceDeploymentsCommand)
      return { serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT }] };
    return {};
  };
}

/** What DynamoDB answers to a write that counts. */
const COUNTED = { Attributes: { seenCount: { N: "1" }, firstSeen: { S: EVENT_TIME.toISOString() } } };

/**
 * The longest chain of calls from the event to the answer of StopTask, for an image that nobody has signed, with all
 * parts of the detector but the network: each call of a client of AWS takes 1, so does asking the registry, whose
 * requests for the manifest and the list of signatures go out together, and so does asking ECR's managed signing. ECR's
 * token is at hand.
 */
async function chainOf(task: EventChanges, ecsAnswers = answersOf([{}]), blocks: readonly Order[] = []) {
  const time = virtualTime();
  const made: string[] = [];
  let stoppedAt = 0;
  const region = { region: "eu-west-1" };
  const clients = {
    ecs: new ECSClient(region),
    dynamodb: new DynamoDBClient(region),
    events: new EventBridgeClient(region),
    sns: new SNSClient(region),
    sqs: new SQSClient(region),
  };
  for (const client of Object.values(clients)) {
    const send = async (command: object) => {
      made.push(command.constructor.name);
      const answer = await time.call(command instanceof UpdateItemCommand ? COUNTED : ecsAnswers(command));
      if (command instanceof StopTaskCommand) stoppedAt = time.now();
      return answer;
    };
    // In place of the client's own stack, whose timers are not virtual.
    Object.assign(client, { send });
  }
  const given = settings();
  const detector = assembleDetector({
    settings: given,
    resources: {
      LEDGER_TABLE: "ledger",
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
      POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed",
    },
    // A block does not wait for the verification, however long that takes.
    notation: { verify: () => (blocks.length > 0 ? new Promise(() => {}) : time.call(unsigned(DIGEST))) },
    credentialsFor: async () => undefined,
    askManagedSigning: () => time.call({ profiles: [] }),
    // Read beside the verification: the table, and KMS if there is an order.
    orders: {
      of: async () => (blocks.length > 0 ? time.call(await time.call(blocks)) : time.call([])),
      written: () => assert.fail("not asked"),
    },
    clients,
    metrics: {
      verdict: () => {},
      response: () => {},
      launchJudged: () => {},
      cacheAsked: () => {},
      ledgerUnavailable: () => {},
      deliveryFailed: () => {},
      orderRefused: () => {},
      ordersUnavailable: () => {},
      findingsUnsent: () => {},
    },
    log: { verdict: () => {}, order: () => {}, failure: (what) => assert.fail(what) },
    onLedgerUnavailable: (reason) => assert.fail(reason),
    now: () => EVENT_TIME.getTime(),
    pause: () => assert.fail("nothing is waited for"),
  });
  await handleLaunch(detector, pendingEvent(task), () => 60_000);
  const stops = made.filter((name) => /Stop/.test(name));
  return { calls: stoppedAt, stops };
}

describe("the calls that follow one another from the event to StopTask", () => {
  it("are at most four for a task: the registry, managed signing, the ledger, StopTask", async () => {
    assert.deepEqual(await chainOf(BY_DIGEST), { calls: 4, stops: [StopTaskCommand.name] });
  });

  it("are at most four for a blocked digest: the orders, their proof, the ledger, StopTask", async () => {
    assert.deepEqual(await chainOf(BY_DIGEST, answersOf([{}]), [block({ digest: DIGEST })]), {
      calls: 4,
      stops: [StopTaskCommand.name],
    });
  });

  it("are at most seven for a service's task: three more to roll its deployment back", async () => {
    const both = [StopServiceDeploymentCommand.name, StopTaskCommand.name];

    assert.deepEqual(await chainOf(SERVICE), { calls: 7, stops: both });
  });

  it("are at most six in a service's first deployment, which is not rolled back", async () => {
    assert.deepEqual(await chainOf(SERVICE, answersOf([])), { calls: 6, stops: [StopTaskCommand.name] });
  });
});

describe("virtual time", () => {
  it("is the length of the longest chain, whatever is made at the same time", async () => {
    const time = virtualTime();
    const chain = async (length: number) => {
      for (let index = 0; index < length; index += 1) await time.call(undefined);
    };

    await Promise.all([chain(3), chain(2), chain(1)]);
    await chain(2);

    assert.equal(time.now(), 5);
  });
});
