import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { listClusters } from "../../../verifier/src/ecs/clusters";
import { taskDefinitionContainers } from "../../../verifier/src/ecs/task-definitions";
import { assembleSweep } from "../../../verifier/src/sweep/assemble";
import { assembleWorker } from "../../../verifier/src/sweep/assemble-worker";
import { coordinate } from "../../../verifier/src/sweep/coordinate";
import { judgeRunning, type QueuedImage } from "../../../verifier/src/sweep/judge-running";
import { readSweeps, readSweptImages } from "../../../verifier/src/sweep/sweep-store";
import type { SweepSummary } from "../../../verifier/src/sweep/sweep-summary";
import type { SweptImage } from "../../../verifier/src/sweep/swept-image";
import type { DemoDetectorOptions } from "../detector";
import { localClientOptions } from "../local-clients";

/** What a sweep found. */
export interface SweepResult {
  readonly summary: SweepSummary;
  readonly images: readonly SweptImage[];
}

/** A sweep whose AWS clients call the stand-in. */
export interface DemoSweep {
  /** Judges everything that runs. */
  run(): Promise<SweepResult>;
  /** Closes the connections. */
  close(): void;
}

/** The time that an invocation of the coordinator has, in milliseconds. */
const INVOCATION_MS = 900_000;

/** Creates coordinator and worker in the same way as the Lambda functions do, with the queue between them in memory. */
export function startDemoSweep({ settings, notation, aws, clock, orders }: DemoDetectorOptions): DemoSweep {
  const { region, account } = settings.trust;
  const local = localClientOptions(aws, region);
  const ecs = new ECSClient(local);
  const clients = {
    dynamodb: new DynamoDBClient(local),
    events: new EventBridgeClient(local),
    sns: new SNSClient(local),
  };
  const environment = {
    resources: {
      LEDGER_TABLE: "ledger",
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: `arn:aws:sns:${region}:${account}:image-verdicts`,
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/sweep",
      ORDERS_TABLE: "orders",
      ORDERS_KEY_ARN: "made-up",
    },
    queueUrl: `${aws.url}/${account}/sweep`,
    mode: "audit",
    watchedClusters: undefined,
    functionName: "sweep",
    findings: false,
    canary: undefined,
  } as const;
  const assembled = assembleSweep({
    settings,
    environment,
    clients,
    // On AWS both write lines of the function's log; here they would disturb the table.
    logger: new Logger({ serviceName: "demo", logLevel: "SILENT" }),
    metrics: new Metrics({ namespace: "demo", serviceName: "demo" }),
    now: clock.now,
  });
  const finisher = { ...assembled.finisher, metrics: { finished: () => {} } };
  const pause = async (milliseconds: number) => clock.advance(milliseconds);
  const pace = { begin: async () => {}, charge: () => {} };
  const worker = assembleWorker({
    settings,
    environment,
    assembled: { ...assembled, finisher },
    notation,
    // The local registry needs no credentials. On AWS, ECR's tokens come from here.
    credentialsFor: async () => undefined,
    orders,
    clients: { listing: ecs, ecs },
    pace,
    deliveryFailed: () => {},
    log: { verdict: () => {}, order: () => {}, failure: (_, error) => fail(error) },
    now: clock.now,
    pause,
  });
  const queue: QueuedImage[] = [];
  const coordinator = {
    ecs,
    pace,
    subjects: { containerNames: taskDefinitionContainers({ client: ecs }) },
    runs: assembled.runs,
    listClusters: () => listClusters(ecs),
    readLastSummary: assembled.readLastSummary,
    canary: undefined,
    sendImages: async (run: string, keys: readonly string[]) => void queue.push(...keys.map((key) => ({ run, key }))),
    goOnLater: async () => fail(new Error("The demo's few tasks take the coordinator too long.")),
    finisher,
    log: { info: () => {}, error: (_: string, error: unknown) => fail(error) },
    now: clock.now,
  };
  return {
    async run() {
      const run = new Date(clock.now()).toISOString();
      await coordinate(coordinator, run, () => INVOCATION_MS);
      for (const image of queue.splice(0)) await judgeRunning(worker, image, () => 120_000);
      const table = { client: clients.dynamodb, name: environment.resources.LEDGER_TABLE };
      const [summary] = await readSweeps(table, 1);
      if (summary?.run !== run) throw new Error("The sweep of the demo has not ended.");
      const images = await readSweptImages(table);
      return { summary, images: images.filter((image) => image.run === run) };
    },
    close() {
      for (const client of [ecs, ...Object.values(clients)]) client.destroy();
    },
  };
}

/** On AWS the sweep goes on without what failed. Here that is a fault of the demo. */
function fail(error: unknown): never {
  throw error;
}
