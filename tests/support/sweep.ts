import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import type { Settings } from "../../verifier/src/baked-settings";
import { listClusters } from "../../verifier/src/ecs/clusters";
import { taskDefinitionContainers } from "../../verifier/src/ecs/task-definitions";
import type { VerificationFacts, VerificationRequest } from "../../verifier/src/notation/protocol";
import type { Notation } from "../../verifier/src/notation/serve";
import type { Orders } from "../../verifier/src/orders/orders";
import type { CanaryTask } from "../../verifier/src/reporting/canary";
import type { Message } from "../../verifier/src/reporting/message";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import { assembleSweep } from "../../verifier/src/sweep/assemble";
import { assembleWorker } from "../../verifier/src/sweep/assemble-worker";
import { coordinate } from "../../verifier/src/sweep/coordinate";
import type { SweepCoordinator } from "../../verifier/src/sweep/coordinator";
import type { SweepEnvironment } from "../../verifier/src/sweep/environment";
import { judgeRunning, type QueuedImage } from "../../verifier/src/sweep/judge-running";
import { LISTING_CALLS } from "../../verifier/src/sweep/list-running";
import type { SweepMode } from "../../verifier/src/sweep/mode";
import type { Pace } from "../../verifier/src/sweep/pace";
import type { SweepReading } from "../../verifier/src/sweep/reconcile-findings";
import type { SweepSummary } from "../../verifier/src/sweep/sweep-summary";
import type { SweptImage } from "../../verifier/src/sweep/swept-image";
import type { SweepWorker } from "../../verifier/src/sweep/worker";
import { type TestClock, testClock } from "./clock";
import { settings, signed } from "./detector";
import { EVENT_TIME } from "./launch-events";
import { memoryOrders } from "./orders";

export interface TestSweepOptions {
  /** Where AWS is: its services, and DynamoDB. */
  readonly aws: object;
  readonly dynamodb: DynamoDBClientConfig;
  readonly table: string;
  readonly mode?: SweepMode;
  readonly settings?: Partial<Settings>;
  readonly orders?: Orders;
  readonly canary?: CanaryTask;
  /** Default: a fake, which {@link TestSweep.finds} tells what it finds. */
  readonly notation?: Pick<Notation, "verify">;
  /** How the client that lists tasks is made. Default: as on AWS. */
  readonly listing?: ECSClientConfig;
  readonly clock?: TestClock;
}

/** A sweep of the tests: everything that it did is at hand. */
export interface TestSweep {
  readonly clock: TestClock;
  readonly coordinator: SweepCoordinator;
  readonly worker: SweepWorker;
  /** Reads the ledger's table. */
  readonly tableClient: DynamoDBClient;
  readonly events: VerdictRecord[];
  readonly messages: VerdictRecord[];
  readonly announced: Message[];
  readonly summaries: SweepSummary[];
  readonly verifications: VerificationRequest[];
  /** Images on the queue. */
  readonly queue: QueuedImage[];
  /** What the findings were told. */
  readonly reconciled: readonly { readonly images: readonly SweptImage[]; readonly reading: SweepReading }[];
  /** Runs with which another invocation shall go on. */
  readonly later: string[];
  /** What verification finds from now on. */
  finds(facts: (request: VerificationRequest) => VerificationFacts): void;
  /** Judges what is on the queue. */
  judgeAll(): Promise<void>;
  /** Lets an hour pass; gives the name of the run that is due. */
  nextRun(): Promise<string>;
  /** The coordinator's part of a sweep an hour after the last. Gives the first image that it has queued, and empties the queue. */
  queueNext(): Promise<QueuedImage>;
  /** A sweep an hour after the last: the coordinator's and the workers' part. Gives its run. */
  sweep(): Promise<string>;
  close(): void;
}

const NO_PACE: Pace = { begin: async () => {}, charge() {} };

/** Makes a sweep with real calls to AWS and a real judge, by default with a fake `notation`. Its queue is in memory, and it waits for nothing. */
export function testSweep({
  aws,
  dynamodb,
  table,
  mode = "audit",
  clock = testClock(EVENT_TIME),
  ...options
}: TestSweepOptions): TestSweep {
  const given = settings(options.settings);
  const clients = {
    dynamodb: new DynamoDBClient(dynamodb),
    events: new EventBridgeClient(aws),
    sns: new SNSClient(aws),
  };
  const ecs = new ECSClient({ ...LISTING_CALLS, ...options.listing, ...aws });
  const seen = {
    events: [] as VerdictRecord[],
    messages: [] as VerdictRecord[],
    announced: [] as Message[],
    summaries: [] as SweepSummary[],
    verifications: [] as VerificationRequest[],
    queue: [] as QueuedImage[],
    later: [] as string[],
    reconciled: [] as TestSweep["reconciled"][number][],
  };
  let find: (request: VerificationRequest) => VerificationFacts = () => signed();
  const delivery: SweepWorker["delivery"] = {
    putEvent: async (record) => void seen.events.push(record),
    notify: async (record) => void seen.messages.push(record),
    announce: async (message) => void seen.announced.push(message),
  };
  const resources = {
    LEDGER_TABLE: table,
    EVENT_BUS: "default",
    NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:topic",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/sweep",
    ORDERS_TABLE: "orders",
    ORDERS_KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/1",
  };
  const environment: SweepEnvironment = {
    resources,
    queueUrl: "https://sqs.example/queue",
    mode,
    watchedClusters: undefined,
    functionName: "sweep",
    findings: false,
    canary: undefined,
  };
  const assembled = assembleSweep({
    settings: given,
    environment,
    clients,
    logger: new Logger({ serviceName: "tests", logLevel: "SILENT" }),
    metrics: new Metrics({ namespace: "tests", serviceName: "tests" }),
    now: clock.now,
  });
  const { runs, readLastSummary } = assembled;
  const finisher = {
    ...assembled.finisher,
    delivery,
    metrics: { finished: (summary: SweepSummary) => void seen.summaries.push(summary) },
    reconcile: async (images: readonly SweptImage[], reading: SweepReading) =>
      void seen.reconciled.push({ images, reading }),
  };
  const subjects = { containerNames: taskDefinitionContainers({ client: ecs }) };
  const fake = {
    verify: async (request: VerificationRequest) => {
      seen.verifications.push(request);
      return find(request);
    },
  };
  const worker = assembleWorker({
    settings: { ...given, verdictTtlSeconds: 0 },
    environment,
    assembled: { ...assembled, delivery, finisher },
    clients: { listing: ecs, ecs },
    notation: options.notation ?? fake,
    credentialsFor: async () => undefined,
    orders: options.orders ?? memoryOrders(),
    pace: NO_PACE,
    deliveryFailed() {},
    log: { verdict() {}, order() {}, failure() {} },
    now: clock.now,
    pause: async () => {},
  });
  const coordinator: SweepCoordinator = {
    ecs,
    pace: NO_PACE,
    subjects,
    runs,
    listClusters: () => listClusters(ecs),
    readLastSummary,
    canary: options.canary,
    sendImages: async (run, keys) => void seen.queue.push(...keys.map((key) => ({ run, key }))),
    goOnLater: async (run) => void seen.later.push(run),
    finisher,
    log: { info() {}, error() {} },
    now: clock.now,
  };
  async function judgeAll(): Promise<void> {
    for (let image = seen.queue.shift(); image !== undefined; image = seen.queue.shift()) {
      await judgeRunning(worker, image, () => 120_000);
    }
  }
  async function nextRun(): Promise<string> {
    await clock.pass(3_600_000);
    return new Date(clock.now()).toISOString().replace(".000", "");
  }
  return {
    ...seen,
    clock,
    coordinator,
    worker,
    tableClient: clients.dynamodb,
    finds: (facts) => {
      find = facts;
    },
    judgeAll,
    nextRun,
    async queueNext() {
      await coordinate(coordinator, await nextRun(), () => 900_000);
      const [image] = seen.queue.splice(0);
      if (image === undefined) throw new Error("The coordinator has queued no image.");
      return image;
    },
    async sweep() {
      const run = await nextRun();
      await coordinate(coordinator, run, () => 900_000);
      await judgeAll();
      return run;
    },
    close() {
      for (const client of [ecs, ...Object.values(clients)]) client.destroy();
    },
  };
}
