import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import type { VerificationFacts } from "../../../verifier/src/notation/protocol";
import { createDelivery } from "../../../verifier/src/reporting/delivery";
import { clientOf } from "../../aws/support/account";
import { lineOf } from "../../aws/support/log-group";
import { testClock } from "../../support/clock";
import { testDetector } from "../../support/detector";
import { runningEvent } from "../../support/launch-events";
import { LOG_STREAM } from "./aws-in-moto";

export interface LaunchesOptions {
  /** `127.0.0.1:PORT` of moto. */
  readonly address: string;
  /** ARN of the cluster. */
  readonly cluster: string;
  readonly environment: string;
  /** Where the verdicts are written and told, asked for when there is one. */
  readonly logGroup: () => string;
  readonly topicArn: () => string;
  /** What the notation process would find. */
  readonly facts: (reference: string) => VerificationFacts;
}

/** What runs between ECS and the log while tests start tasks in moto. */
export interface Launches {
  /** Rejects when playing has failed. */
  readonly played: Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 200;

/**
 * Plays what moto does not do: ECS's event of each task that runs, EventBridge's rule and Lambda. The detector is our own,
 * auditing; its lines go to the log group and its messages to the topic. Everything else of the way is not played.
 */
export function playLaunches(options: LaunchesOptions): Launches {
  const ecs = new ECSClient(clientOf(options.address));
  const done = new Set<string>();
  const ending = new AbortController();
  const played = (async () => {
    while (!ending.signal.aborted) {
      for (const task of await runningTasks(ecs, options.cluster)) {
        if (done.has(task.taskArn ?? "")) continue;
        done.add(task.taskArn ?? "");
        await judge(ecs, task, options);
      }
      await sleep(POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    played,
    async stop() {
      ending.abort();
      await played.finally(() => ecs.destroy());
    },
  };
}

async function runningTasks(ecs: ECSClient, cluster: string): Promise<readonly Task[]> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }));
  if (taskArns.length === 0) return [];
  return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? [];
}

async function judge(
  ecs: ECSClient,
  { taskArn = "", taskDefinitionArn = "" }: Task,
  { address, cluster, environment, logGroup, topicArn, facts }: LaunchesOptions,
): Promise<void> {
  const image = await imageOf(ecs, taskDefinitionArn);
  const aws = clientOf(address);
  const detector = testDetector({
    settings: { mode: "audit", environment },
    clock: testClock(new Date()),
    respond: async (_, status) => ({ state: "done", outcome: status === "denied" ? "audited" : "none", now: true }),
    delivery: createDelivery({
      events: new EventBridgeClient(aws),
      sns: new SNSClient(aws),
      resources: { EVENT_BUS: "default", NOTIFICATION_TOPIC: topicArn() },
    }),
  });
  detector.finds(({ reference }) => facts(reference));
  const containers = [{ name: "sample", image, imageDigest: image.slice(image.indexOf("@") + 1) }];
  const createdAt = new Date(Date.now() - 5000).toISOString();
  await detector.handle(runningEvent({ clusterArn: cluster, taskArn, taskDefinitionArn, containers, createdAt }));
  const logEvents = detector.seen.lines.map((record) => ({ timestamp: Date.now(), message: lineOf(record) }));
  await new CloudWatchLogsClient(aws).send(
    new PutLogEventsCommand({ logGroupName: logGroup(), logStreamName: LOG_STREAM, logEvents }),
  );
}

async function imageOf(ecs: ECSClient, taskDefinition: string): Promise<string> {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition?.containerDefinitions?.[0]?.image ?? "";
}
