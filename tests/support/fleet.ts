import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { type LocalAws, startAws } from "../../local/aws";
import { type AwsAnswers, AwsRefusal } from "../../local/aws-answers";
import { coordinate } from "../../verifier/src/sweep/coordinate";
import { judgeRunning, type QueuedImage } from "../../verifier/src/sweep/judge-running";
import { clientOf } from "../aws/support/account";
import { signed } from "./detector";
import { IMAGE } from "./launch-events";
import { type PlayedTask, runningTasks } from "./running-tasks";
import { type TestSweep, testSweep } from "./sweep";

export interface FleetSize {
  readonly clusters: number;
  readonly tasks: number;
  readonly digests: number;
  /** Every so many calls of ECS is throttled. */
  readonly throttled: number;
  /** How the client of ECS is made. Default: as on AWS. */
  readonly listing?: ECSClientConfig;
}

/** What a sweep of a fleet came to. */
export interface FleetSweep {
  readonly sweep: TestSweep;
  /** Calls of AWS by operation, those that were throttled included. */
  readonly calls: ReadonlyMap<string, number>;
  readonly throttledCalls: number;
  /** Images that the killed worker had begun. */
  readonly begun: number;
  readonly readMs: number;
  readonly judgedMs: number;
}

/** Images of one batch of the queue. */
const BATCH = 5;

/**
 * Sweeps a fleet: the coordinator's and the workers' own code, with ECS, DynamoDB and the queue in memory. ECS throttles, and
 * one of two workers is killed in the middle of its first batch.
 */
export async function sweepFleet(size: FleetSize): Promise<FleetSweep> {
  const played = runningTasks("arn:aws:ecs:eu-west-1:111122223333");
  for (let cluster = 0; cluster < size.clusters; cluster += 1) played.put(`cluster-${cluster}`, tasksOf(cluster, size));
  let asked = 0;
  let throttledCalls = 0;
  const throttle =
    (answer: AwsAnswers[string]): AwsAnswers[string] =>
    (input) => {
      asked += 1;
      if (asked % size.throttled === 0) {
        throttledCalls += 1;
        throw new AwsRefusal("ThrottlingException", "Rate exceeded");
      }
      return answer(input);
    };
  const aws = await startAws(
    Object.fromEntries(Object.entries(played.answers).map(([name, one]) => [name, throttle(one)])),
  );
  const config = clientOf(aws.address);
  const { listing } = size;
  const sweep = testSweep({
    aws: config,
    dynamodb: config,
    table: "ledger",
    ...(listing === undefined ? {} : { listing }),
  });
  sweep.finds(({ reference }) => signed(reference.split("@")[1]));
  try {
    const begunAt = performance.now();
    await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
    const readAt = performance.now();
    const begun = await killWorker(sweep);
    await Promise.all([work(sweep), work(sweep)]);
    const judgedAt = performance.now();
    return {
      sweep,
      calls: countCalls(aws),
      throttledCalls,
      begun,
      readMs: readAt - begunAt,
      judgedMs: judgedAt - readAt,
    };
  } finally {
    sweep.close();
    await aws.close();
  }
}

function tasksOf(cluster: number, { clusters, tasks, digests }: FleetSize): readonly PlayedTask[] {
  return Array.from({ length: tasks / clusters }, (_, index) => {
    const image = (cluster * (tasks / clusters) + index) % digests;
    const service = `service-${image}`;
    return {
      family: service,
      group: `service:${service}`,
      containers: [{ name: "web", image: IMAGE, imageDigest: `sha256:${image.toString(16).padStart(64, "0")}` }],
    };
  });
}

/** A worker that is killed when it has verified a batch, and before it has remembered any of it. */
async function killWorker(sweep: TestSweep): Promise<number> {
  const batch = sweep.queue.splice(0, BATCH);
  let begun = 0;
  let verified = () => {};
  const all = new Promise<void>((resolve) => {
    verified = resolve;
  });
  const worker = {
    ...sweep.worker,
    judge: async (subject: Parameters<typeof sweep.worker.judge>[0]) => {
      await sweep.worker.judge(subject);
      begun += 1;
      if (begun === batch.length) verified();
      return new Promise<never>(() => {});
    },
  };
  for (const image of batch) void judgeRunning(worker, image, () => 120_000);
  await all;
  // SQS gives the batch again when its visibility is over, later than the lease of what was begun.
  await sweep.clock.pass(12 * 60_000);
  sweep.queue.push(...batch);
  return begun;
}

async function work({ queue, worker }: TestSweep): Promise<void> {
  for (let batch = queue.splice(0, BATCH); batch.length > 0; batch = queue.splice(0, BATCH)) {
    await Promise.all(batch.map((image: QueuedImage) => judgeRunning(worker, image, () => 120_000)));
  }
}

function countCalls(aws: LocalAws): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of aws.calls()) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return counts;
}
