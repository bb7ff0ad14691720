import assert from "node:assert/strict";
import type { PolicyDocument } from "../../../../components/aws/iam";
import { POLICY_LIMIT, policySize } from "../../../../components/aws/policy-size";
import {
  type CoordinatorPermissions,
  coordinatorPolicy,
  sweepSchedulePolicy,
  type WorkerPermissions,
  workerClustersPolicy,
  workerPolicy,
} from "../../../../components/aws/sweep-policies";
import { roleWildcards } from "../../../../policy/policies/role-wildcards";
import { resolvedTrust } from "../settings";
import { CLUSTER, mostClusters } from "../sweep/support";

const SWEEP = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-sweep-prod";
const LOG = "arn:aws:logs:eu-west-1:111122223333:log-group:sweep";

const COORDINATOR: CoordinatorPermissions = {
  functionArn: SWEEP,
  ledgerArn: "arn:ledger",
  queueArn: "arn:queue",
  deadLetterQueueArn: "arn:dead-letters",
  topicArn: "arn:topic",
  logGroupArn: LOG,
};
const WORKER: WorkerPermissions = {
  environment: "prod",
  ledgerArn: "arn:ledger",
  ordersTableArn: "arn:orders",
  ordersKeyArn: "arn:key",
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
  queueArn: "arn:queue",
  logGroupArn: LOG,
};
const trust = resolvedTrust();

const statement = ({ Statement }: PolicyDocument, sid: string) => Statement.find(({ Sid }) => Sid === sid);
const rightsIn = ({ Statement }: PolicyDocument) =>
  Statement.map(({ Action, Resource }) => [Action.join(" "), Resource?.join(" ")]);

describe("the policies of the sweep", () => {
  it("let the coordinator read what runs everywhere, hand it over, go on with itself, and nothing else", () => {
    assert.deepEqual(rightsIn(coordinatorPolicy(COORDINATOR)), [
      ["ecs:ListClusters ecs:ListTasks ecs:DescribeTasks", "*"],
      ["ecs:DescribeTaskDefinition", "*"],
      ["sqs:SendMessage", "arn:queue"],
      ["lambda:InvokeFunction", SWEEP],
      ["dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:Query", "arn:ledger"],
      ["dynamodb:PutItem dynamodb:GetItem dynamodb:BatchWriteItem", "arn:ledger"],
      ["sns:Publish", "arn:topic"],
      ["sqs:SendMessage", "arn:dead-letters"],
      ["logs:CreateLogStream logs:PutLogEvents", `${LOG}:log-stream:*`],
    ]);
  });

  it("let it read only the clusters that are listed, without listing others", () => {
    const policy = coordinatorPolicy({ ...COORDINATOR, clusters: [CLUSTER] });

    assert.deepEqual(statement(policy, "ReadRunning"), {
      Sid: "ReadRunning",
      Effect: "Allow",
      Action: ["ecs:ListTasks", "ecs:DescribeTasks"],
      Resource: ["*"],
      Condition: { ArnEquals: { "ecs:cluster": [CLUSTER] } },
    });
  });

  it("let the worker take images, read orders, record and notify", () => {
    assert.deepEqual(rightsIn(workerPolicy(WORKER)), [
      ["dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:Query", "arn:ledger"],
      ["dynamodb:Query", "arn:orders"],
      ["kms:Decrypt", "arn:key"],
      ["events:PutEvents", "arn:bus"],
      ["sns:Publish", "arn:topic"],
      ["dynamodb:PutItem dynamodb:GetItem dynamodb:BatchWriteItem", "arn:ledger"],
      ["sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes", "arn:queue"],
      ["logs:CreateLogStream logs:PutLogEvents", `${LOG}:log-stream:*`],
    ]);
  });

  it("let the worker look at tasks again, and stop them only in enforce", () => {
    const audit = workerClustersPolicy({ trust, mode: "audit" });
    const enforce = workerClustersPolicy({ trust, mode: "enforce" });

    assert.deepEqual(rightsIn(audit), [["ecs:ListTasks ecs:DescribeTasks", "*"]]);
    assert.deepEqual(
      enforce.Statement.map(({ Sid, Condition }) => [Sid, Condition]),
      [
        ["ReadRunning", undefined],
        ["StopAndRollBack", undefined],
      ],
    );
    assert.ok(statement(enforce, "StopAndRollBack")?.Action.includes("ecs:StopTask"));
  });

  it("hold it to the listed clusters, for both", () => {
    const { Statement } = workerClustersPolicy({ trust, mode: "enforce", clusters: [CLUSTER] });

    const conditions = Statement.map(({ Condition }) => Condition);
    const only = { ArnEquals: { "ecs:cluster": [CLUSTER] } };
    assert.deepEqual(conditions, [only, only]);
  });

  it("fit their roles with as many clusters as a configuration may list", () => {
    const clusters = mostClusters();

    assert.ok(clusters.length >= 30);
    // An inline policy: those of a role have 10,240 characters together (IAM quotas).
    for (const policy of [
      coordinatorPolicy({ ...COORDINATOR, clusters }),
      workerClustersPolicy({ trust, mode: "enforce", clusters }),
    ]) {
      assert.ok(policySize(policy) <= 9_000, String(policySize(policy)));
    }
    const made = "x".repeat(256);
    const longest = Object.fromEntries(Object.keys(WORKER).map((key) => [key, made])) as unknown as WorkerPermissions;
    assert.ok(policySize(workerPolicy(longest)) <= POLICY_LIMIT);
  });

  it("have no wildcard but those that AWS requires", () => {
    const reads = { "ecs:ListClusters": ["*"], "ecs:ListTasks": ["*"], "ecs:DescribeTasks": ["*"] };
    for (const policy of [
      coordinatorPolicy(COORDINATOR),
      workerPolicy(WORKER),
      workerClustersPolicy({ trust, mode: "enforce" }),
      sweepSchedulePolicy(SWEEP, "arn:dead-letters"),
    ]) {
      assert.deepEqual(roleWildcards(JSON.stringify(policy), reads), []);
    }
  });

  it("let the schedule invoke one function, and keep what it could not deliver", () => {
    assert.deepEqual(rightsIn(sweepSchedulePolicy(SWEEP, "arn:dead-letters")), [
      ["lambda:InvokeFunction", SWEEP],
      ["sqs:SendMessage", "arn:dead-letters"],
    ]);
  });
});
