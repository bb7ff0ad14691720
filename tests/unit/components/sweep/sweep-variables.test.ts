import assert from "node:assert/strict";
import { VARIABLES_LIMIT, variablesSize } from "../../../../components/gate/variables";
import { sweepVariables } from "../../../../components/sweep/sweep-variables";
import { mostClusters } from "./support";

const made = "x".repeat(80);
const arn = (service: string, name: string) => `arn:aws-us-gov:${service}:us-gov-west-1:111122223333:${name}`;

/** As long as each can be. */
const FACTS = {
  mode: "enforce",
  queueUrl: `https://sqs.us-gov-west-1.amazonaws.com/111122223333/${made}`,
  ledgerTable: made,
  eventBusArn: arn("events", `event-bus/${"x".repeat(256)}`),
  topicArn: arn("sns", made),
  ordersTable: made,
  ordersKeyArn: arn("kms", `key/${"x".repeat(36)}`),
  canary: {
    clusterArn: arn("ecs", `cluster/${"x".repeat(64)}`),
    taskDefinitionArn: arn("ecs", `task-definition/${"x".repeat(90)}:1000`),
    imageDigest: `sha256:${"0".repeat(64)}`,
  },
  runbookUrl: `https://${"x".repeat(192)}`,
} as const;

describe("the variables of the sweep's functions", () => {
  it("fit Lambda's limit with the longest names and as many clusters as fit the detector's event pattern", () => {
    const clusters = mostClusters();

    const size = variablesSize(sweepVariables({ ...FACTS, clusters }));

    assert.ok(clusters.length >= 30);
    assert.ok(size <= VARIABLES_LIMIT, String(size));
  });

  it("leave out what is not set", () => {
    const { runbookUrl: _, canary: __, ...without } = FACTS;

    assert.deepEqual(Object.keys(sweepVariables(without)).sort(), [
      "EVENT_BUS",
      "LEDGER_TABLE",
      "NOTIFICATION_TOPIC",
      "ORDERS_KEY_ARN",
      "ORDERS_TABLE",
      "SWEEP_MODE",
      "SWEEP_QUEUE_URL",
    ]);
  });

  it("list clusters with commas between them", () => {
    assert.equal(sweepVariables({ ...FACTS, clusters: ["arn:one", "arn:two"] }).WATCHED_CLUSTERS, "arn:one,arn:two");
  });
});
