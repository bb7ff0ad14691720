import assert from "node:assert/strict";
import { readSweepEnvironment } from "../../../../verifier/src/sweep/environment";
import { SettingsError } from "../../../../verifier/src/variables";

const RESOURCES = {
  LEDGER_TABLE: "ledger",
  EVENT_BUS: "arn:aws:events:eu-west-1:111122223333:event-bus/default",
  NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:topic",
  ORDERS_TABLE: "orders",
  ORDERS_KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/orders",
  AWS_LAMBDA_LOG_GROUP_NAME: "/sweep",
};
const QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/sweep-queue";
const VARIABLES = {
  ...RESOURCES,
  SWEEP_QUEUE_URL: QUEUE,
  SWEEP_MODE: "audit",
  AWS_LAMBDA_FUNCTION_NAME: "ecs-image-verification-sweep-prod",
};
const CLUSTERS = ["web", "jobs"].map((name) => `arn:aws:ecs:eu-west-1:111122223333:cluster/${name}`);

describe("the environment of the sweep's functions", () => {
  it("is what the component sets, without the variables of others", () => {
    const read = readSweepEnvironment({ ...VARIABLES, PATH: "/usr/bin" });

    assert.deepEqual(read, {
      resources: RESOURCES,
      queueUrl: QUEUE,
      mode: "audit",
      watchedClusters: undefined,
      functionName: "ecs-image-verification-sweep-prod",
      findings: false,
      canary: undefined,
    });
  });

  it("has findings where they are turned on", () => {
    assert.equal(readSweepEnvironment({ ...VARIABLES, FINDINGS: "true" }).findings, true);
  });

  it("has the watched clusters and the runbook where there are some", () => {
    const runbook = "https://wiki.example.com/runbook";

    const read = readSweepEnvironment({
      ...VARIABLES,
      WATCHED_CLUSTERS: CLUSTERS.join(","),
      RUNBOOK_URL: runbook,
      SWEEP_MODE: "enforce",
    });

    assert.deepEqual([read.watchedClusters, read.resources.RUNBOOK_URL, read.mode], [CLUSTERS, runbook, "enforce"]);
  });

  it("takes an empty list of clusters for every cluster", () => {
    assert.equal(readSweepEnvironment({ ...VARIABLES, WATCHED_CLUSTERS: "" }).watchedClusters, undefined);
  });

  for (const [name, value] of [
    ["LEDGER_TABLE", ""],
    ["EVENT_BUS", undefined],
    ["NOTIFICATION_TOPIC", "topic"],
    ["ORDERS_TABLE", undefined],
    ["ORDERS_KEY_ARN", "orders"],
    ["SWEEP_QUEUE_URL", "sweep-queue"],
    ["SWEEP_MODE", "stop"],
    ["SWEEP_MODE", undefined],
    ["AWS_LAMBDA_FUNCTION_NAME", undefined],
  ] as const) {
    it(`is refused with ${name} ${JSON.stringify(value) ?? "missing"}, which is named`, () => {
      assert.throws(
        () => readSweepEnvironment({ ...VARIABLES, [name]: value }),
        (error) => error instanceof SettingsError && error.message.startsWith(`Environment variables: ${name}: `),
      );
    });
  }

  it("names every variable that is wrong", () => {
    assert.throws(() => readSweepEnvironment({}), /LEDGER_TABLE.*SWEEP_QUEUE_URL.*SWEEP_MODE/);
  });
});
