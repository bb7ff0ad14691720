import assert from "node:assert/strict";
import { readSweepEnvironment } from "../../../../verifier/src/sweep/environment";
import { parseSweepRequest, SCHEDULED_TIME } from "../../../../verifier/src/sweep/request";
import { children, named } from "../run-program";
import { ARGS, CLUSTER, policyOf, run, variablesOf } from "./support";

const FUNCTIONS = ["sweep-coordinator-function", "sweep-worker-function"];

describe("Sweep", () => {
  it("tells where to look", async () => {
    assert.deepEqual((await run()).outputs, {
      functionName: "ecs-image-verification-sweep-prod",
      workerFunctionName: "sweep-worker-function",
      logGroupName: "sweep-log",
      queueName: "sweep-queue",
      deadLetterQueueName: "sweep-dead-letters",
    });
  });

  for (const [everyHours, expression] of [
    [undefined, "rate(6 hours)"],
    [1, "rate(1 hour)"],
    [24, "rate(24 hours)"],
  ] as const) {
    it(`is invoked at the ${expression} for everyHours ${everyHours}`, async () => {
      const result = await run({ everyHours });

      assert.equal(named(result, "sweep-schedule").inputs.scheduleExpression, expression);
    });
  }

  it("begins with a request that the function understands once the time is filled in", async () => {
    const { target } = named(await run(), "sweep-schedule").inputs as { target: { input: string } };

    const time = "2026-11-27T12:00:00Z";
    assert.equal(parseSweepRequest(JSON.parse(target.input.replace(SCHEDULED_TIME, time)))?.run, time);
  });

  it("may send findings to the account's own product, and only where they are turned on", async () => {
    const [without, result] = [await run(), await run({ findings: true })];

    const product = "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default";
    for (const name of FUNCTIONS) {
      assert.equal(variablesOf(without, name).FINDINGS, undefined);
      assert.equal(variablesOf(result, name).FINDINGS, "true");
    }
    for (const name of ["sweep-coordinator-policy", "sweep-worker-acting"]) {
      const sends = (from: Awaited<ReturnType<typeof run>>) =>
        policyOf(from, name).Statement.find(({ Sid }) => Sid === "ImportFindings");
      assert.equal(sends(without), undefined);
      assert.deepEqual(sends(result)?.Resource, [product]);
    }
  });

  it("has variables that both functions understand", async () => {
    const result = await run({
      mode: "enforce",
      clusters: [CLUSTER],
      topicArn: "arn:aws:sns:eu-west-1:111122223333:topic",
      orders: { ...ARGS.orders, keyArn: "arn:aws:kms:eu-west-1:111122223333:key/orders" },
      runbookUrl: "https://wiki.example.com/runbook",
    });

    for (const name of FUNCTIONS) {
      const { mode, watchedClusters, queueUrl, resources } = readSweepEnvironment({
        ...variablesOf(result, name),
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_LOG_GROUP_NAME: "sweep-log",
      });
      assert.deepEqual(
        [mode, watchedClusters, queueUrl, resources.RUNBOOK_URL],
        [
          "enforce",
          [CLUSTER],
          "https://sqs.eu-west-1.amazonaws.com/111122223333/sweep-queue",
          "https://wiki.example.com/runbook",
        ],
      );
    }
  });

  it("may stop tasks only in enforce, and only the worker may", async () => {
    const policies = [
      "sweep-coordinator-policy",
      "sweep-worker-acting",
      "sweep-worker-clusters",
      "sweep-worker-reading",
    ];
    const stopping = async (mode: "audit" | "enforce") => {
      const result = await run({ mode });
      return policies.filter((name) => JSON.stringify(policyOf(result, name)).includes("ecs:Stop"));
    };

    assert.deepEqual([await stopping("audit"), await stopping("enforce")], [[], ["sweep-worker-clusters"]]);
  });

  it("takes sizes, limits and keys from its arguments, and gives a batch six times the worker's time", async () => {
    const result = await run({
      memoryMiB: 1024,
      timeoutSeconds: 60,
      logRetentionDays: 365,
      logKmsKeyArn: "arn:key",
    });

    const { memorySize, timeout } = named(result, "sweep-worker-function").inputs;
    assert.deepEqual([memorySize, timeout], [1024, 60]);
    assert.equal(named(result, "sweep-coordinator-function").inputs.timeout, 900);
    assert.equal(named(result, "sweep-queue").inputs.visibilityTimeoutSeconds, 360);
    assert.deepEqual(named(result, "sweep-log").inputs, { retentionInDays: 365, kmsKeyId: "arn:key" });
  });

  it("is recorded with its mode and its interval, whether or not they were given", async () => {
    const { mode, everyHours } = named(await run(), "sweep").inputs;

    assert.deepEqual([mode, everyHours], ["audit", 6]);
  });

  it("lets a program change its parts, with a warning of what the sweep depends on", async () => {
    const result = await run({
      children: {
        deadLetters: { args: { messageRetentionSeconds: 86_400 } },
        schedule: { args: { state: "DISABLED" } },
        coordinator: { function: { args: { memorySize: 2048 } } },
        worker: { images: { args: { batchSize: 1 } } },
        alarms: { missed: { args: { treatMissingData: "ignore" } }, "newly-denied": { args: { threshold: 3 } } },
      },
    });

    assert.equal(named(result, "sweep-coordinator-function").inputs.memorySize, 2048);
    assert.equal(named(result, "sweep-worker-images").inputs.batchSize, 1);
    assert.equal(named(result, "sweep-alarms-newly-denied").inputs.threshold, 3);
    assert.deepEqual(result.warnings.map((warning) => warning.split(" ")[0]).sort(), [
      "children.missed.args.treatMissingData",
      "children.schedule.args.state",
    ]);
  });

  it("makes the same in a preview", async () => {
    const namesOf = async (preview: boolean) => children(await run({}, { preview })).map(([name]) => name);

    assert.deepEqual(await namesOf(true), await namesOf(false));
  });
});
