import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type LocalAws, startAws } from "../../local/aws";
import { coordinate } from "../../verifier/src/sweep/coordinate";
import { judgeRunning } from "../../verifier/src/sweep/judge-running";
import { parseQueued, sendImages } from "../../verifier/src/sweep/queue";
import { readSweeps, readSweptImages } from "../../verifier/src/sweep/sweep-store";
import { signed } from "../support/detector";
import { DIGEST, IMAGE } from "../support/launch-events";
import { type PlayedTask, runningTasks } from "../support/running-tasks";
import { type TestSweep, testSweep } from "../support/sweep";
import { clientOf } from "./support/account";
import { useAws } from "./support/scene";

const RUN = "2026-06-15T12:00:00Z";

describe("AWS: the sweep", function () {
  this.timeout(60_000);
  const aws = useAws();
  const played = runningTasks("arn:aws:ecs:eu-west-1:111122223333");
  const opened: TestSweep[] = [];
  let ecs: LocalAws;

  beforeEach(async () => {
    played.clear();
    ecs = await startAws(played.answers);
  });
  afterEach(async () => {
    for (const sweep of opened.splice(0)) sweep.close();
    await ecs.close();
  });

  function open(address: string): TestSweep {
    const { LEDGER_TABLE: table } = aws().account.resources;
    const sweep = testSweep({ aws: clientOf(address), dynamodb: clientOf(aws().address), table });
    opened.push(sweep);
    return sweep;
  }

  // moto's tasks have no containers: what runs in them is played in the other tests.
  it("lists the tasks of a cluster of ECS", async () => {
    const { account } = aws();
    for (const group of [undefined, "service:web", undefined]) await account.runTask(group);
    const sweep = open(aws().address);
    const coordinator = { ...sweep.coordinator, listClusters: async () => [account.cluster] };

    await coordinate(coordinator, RUN, () => 900_000);

    assert.deepEqual([sweep.summaries[0]?.tasks, sweep.summaries[0]?.unread], [3, []]);
  });

  it("queues images at SQS, judges what comes from there, and remembers it in DynamoDB", async () => {
    const digests = Array.from({ length: 23 }, (_, index) => `sha256:${index.toString(16).padStart(64, "0")}`);
    const cluster = played.put(
      "shop",
      digests.map((imageDigest) => ({ containers: [{ name: "web", image: IMAGE, imageDigest }] })),
    );
    const sweep = open(ecs.address);
    sweep.finds(({ reference }) => signed(reference.split("@")[1]));
    const sqs = new SQSClient({ ...clientOf(aws().address), useQueueUrlAsEndpoint: false });
    const { LEDGER_TABLE: name } = aws().account.resources;
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `sweep-${name}` }));
    const send = (run: string, keys: readonly string[]) => sendImages(sqs, QueueUrl, run, keys);

    await coordinate({ ...sweep.coordinator, sendImages: send }, RUN, () => 900_000);
    let judged = 0;
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) break;
      for (const { Body = "" } of Messages) await judgeRunning(sweep.worker, parseQueued(Body), () => 120_000);
      judged += Messages.length;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
    sqs.destroy();

    assert.equal(judged, digests.length);
    const images = await readSweptImages(tableOf());
    assert.deepEqual(images.map(({ digest }) => digest).sort(), digests);
    assert.ok(images.every(({ places }) => places.every((place) => place.cluster === cluster)));
    const [summary] = await readSweeps(tableOf(), 1);
    assert.deepEqual([summary?.run, summary?.images, summary?.judged], [RUN, 23, 23]);
  });

  it("stores what runs of hundreds of images and services, in batches", async () => {
    const tasks = Array.from({ length: 400 }, (_, index): PlayedTask => {
      const imageDigest = `sha256:${(index % 60).toString(16).padStart(64, "0")}`;
      return {
        family: `s${index}`,
        group: `service:s${index}`,
        containers: [
          { name: "web", image: IMAGE, imageDigest },
          { name: "agent", image: "registry.example.com/agent:1", imageDigest: DIGEST },
        ],
      };
    });
    played.put("shop", tasks);
    const sweep = open(ecs.address);
    sweep.finds(({ reference }) => signed(reference.split("@")[1]));

    await sweep.sweep();

    const images = await readSweptImages(tableOf());
    assert.equal(images.length, 61);
    const agent = images.find(({ digest }) => digest === DIGEST);
    assert.deepEqual([agent?.containers, agent?.places.length, agent?.morePlaces], [400, 200, 200]);
    assert.equal(sweep.summaries[0]?.judged, 800);
  });

  it("counts an image once a run, however many workers judge it at the same time", async () => {
    played.put("shop", Array(20).fill({ containers: [{ name: "web", image: IMAGE, imageDigest: DIGEST }] }));
    const sweep = open(ecs.address);
    await coordinate(sweep.coordinator, RUN, () => 900_000);
    const [image] = sweep.queue.splice(0);
    assert.ok(image !== undefined);

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => judgeRunning(sweep.worker, image, () => 120_000)),
    );
    while (sweep.summaries.length === 0) {
      await sleep(50);
      await judgeRunning(sweep.worker, image, () => 120_000);
    }

    assert.equal(sweep.verifications.length, 1);
    assert.equal(sweep.summaries.length, 1);
    assert.ok(results.some(({ status }) => status === "rejected"));
    assert.deepEqual(await sweep.worker.runs.readProgress(RUN), { total: 1, done: 1 });
  });

  it("a worker that was killed is followed by another when its time is over", async () => {
    played.put("shop", [{ containers: [{ name: "web", image: IMAGE, imageDigest: DIGEST }] }]);
    const sweep = open(ecs.address);
    await coordinate(sweep.coordinator, RUN, () => 900_000);
    const [image] = sweep.queue.splice(0);
    assert.ok(image !== undefined);
    await new Promise<void>((begins) => {
      const judge = () => {
        begins();
        return new Promise<never>(() => {});
      };
      void judgeRunning({ ...sweep.worker, judge }, image, () => 120_000);
    });
    await assert.rejects(
      judgeRunning(sweep.worker, image, () => 120_000),
      /Another invocation judges/,
    );

    await sweep.clock.pass(60_000);
    await judgeRunning(sweep.worker, image, () => 120_000);

    assert.equal(sweep.summaries.length, 1);
  });

  it("fails where the ledger cannot be reached, and stops nothing", async () => {
    played.put("shop", [{ containers: [{ name: "web", image: IMAGE, imageDigest: DIGEST }] }]);
    const sweep = open(ecs.address);
    await coordinate(sweep.coordinator, RUN, () => 900_000);
    const [image] = sweep.queue.splice(0);
    assert.ok(image !== undefined);
    const { LEDGER_TABLE: table } = aws().account.resources;
    const gone = testSweep({
      aws: clientOf(ecs.address),
      dynamodb: { ...clientOf("127.0.0.1:1"), maxAttempts: 1 },
      table,
      mode: "enforce",
    });
    opened.push(gone);

    await assert.rejects(
      judgeRunning(gone.worker, image, () => 120_000),
      /ledger could not be reached/,
    );

    assert.equal(played.stopped.size, 0);
  });

  function tableOf() {
    const { LEDGER_TABLE: name } = aws().account.resources;
    return { client: opened[0]?.tableClient ?? assert.fail("no sweep"), name };
  }
});
