import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { canaryPolicy } from "../../../../components/aws/canary-policy";
import { Canary, type CanaryArgs, canaryClusterArn } from "../../../../components/canary/canary";
import { canaryAlarmRules } from "../../../../components/canary/canary-alarm-rules";
import { metricAlarmArgs } from "../../../../components/metric-alarm";
import { ACCOUNT, REGION } from "../mock-state";
import { children, named, runProgram } from "../run-program";

const CLUSTER = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/ecs-image-verification-canary-prod`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:canary-function`;
const IMAGE = "registry.example/verifier@sha256:1";

const ARGS: CanaryArgs = {
  environment: "prod",
  imageUri: IMAGE,
  architecture: "arm64",
  taskDefinitionArn: "arn:task-definition:1",
  executionRoleArn: "arn:execution-role",
  subnets: ["subnet-1", "subnet-2"],
  ledger: { tableName: "ledger", tableArn: "arn:ledger" },
  topicArn: "arn:topic",
};

function makeCanary(changes: Partial<CanaryArgs>): Canary {
  const canary = new Canary("canary", { ...ARGS, ...changes });
  canary.runAfter([]);
  return canary;
}

const run = (changes: Partial<CanaryArgs> = {}) =>
  runProgram(() => ({
    arn: canaryClusterArn("prod", { account: pulumi.output(ACCOUNT), region: pulumi.output(REGION) }),
    watched: pulumi.output(makeCanary(changes).watched),
  }));

describe("Canary", () => {
  it("makes a cluster, a function that starts the task there on a schedule, a first run, and two alarms", async () => {
    const result = await run();

    const [missed, silent] = canaryAlarmRules({ environment: "prod", everyHours: 6 });
    assert.deepEqual(children(result), [
      ["canary-cluster", "aws:ecs/cluster:Cluster", { name: "ecs-image-verification-canary-prod" }],
      [
        "canary-first-run",
        "aws:lambda/invocation:Invocation",
        {
          functionName: "canary-function",
          input: { check: "canary" },
          triggers: { image: IMAGE, task: "arn:task-definition:1", subnets: "subnet-1,subnet-2" },
        },
      ],
      [
        "canary-function",
        "aws:lambda/function:Function",
        {
          description: "Starts an unsigned task, and looks whether the verification of images denies it",
          packageType: "Image",
          imageUri: IMAGE,
          imageConfig: { commands: ["canary.handler"] },
          architectures: ["arm64"],
          role: `arn:aws:iam::${ACCOUNT}:role/canary-role`,
          memorySize: 256,
          timeout: 150,
          environment: {
            variables: {
              ENVIRONMENT: "prod",
              LEDGER_TABLE: "ledger",
              CANARY_CLUSTER: CLUSTER,
              CANARY_TASK_DEFINITION: "arn:task-definition:1",
              CANARY_SUBNETS: "subnet-1,subnet-2",
            },
          },
          loggingConfig: { logFormat: "Text", logGroup: "canary-log" },
        },
      ],
      ["canary-log", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }],
      [
        "canary-missed",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        metricAlarmArgs(missed ?? assert.fail(), "arn:topic", "docs/runbook.md#canary-alarm-missed"),
      ],
      [
        "canary-permission",
        "aws:lambda/permission:Permission",
        {
          action: "lambda:InvokeFunction",
          function: "canary-function",
          principal: "events.amazonaws.com",
          sourceArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/canary-rule`,
        },
      ],
      [
        "canary-policy",
        "aws:iam/rolePolicy:RolePolicy",
        {
          role: "canary-role",
          policy: JSON.parse(
            JSON.stringify(
              canaryPolicy({
                clusterArn: CLUSTER,
                taskDefinitionArn: "arn:task-definition:1",
                executionRoleArn: "arn:execution-role",
                ledgerArn: "arn:ledger",
                logGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:canary-log`,
              }),
            ),
          ),
        },
      ],
      [
        "canary-role",
        "aws:iam/role:Role",
        {
          assumeRolePolicy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "AssumeRole",
                Effect: "Allow",
                Principal: { Service: "lambda.amazonaws.com" },
                Action: ["sts:AssumeRole"],
              },
            ],
          },
        },
      ],
      [
        "canary-rule",
        "aws:cloudwatch/eventRule:EventRule",
        {
          description: "Starts an unsigned task, which the verification of images must deny",
          scheduleExpression: "rate(6 hours)",
        },
      ],
      [
        "canary-silent",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        metricAlarmArgs(silent ?? assert.fail(), "arn:topic", "docs/runbook.md#canary-alarm-silent"),
      ],
      [
        "canary-target",
        "aws:cloudwatch/eventTarget:EventTarget",
        { rule: "canary-rule", arn: FUNCTION, input: { check: "canary" } },
      ],
    ]);
  });

  it("rings at once for a denial that was missed, and for runs that are missing for two intervals", () => {
    const [missed, silent] = canaryAlarmRules({ environment: "prod", everyHours: 24 }).map((rule) =>
      metricAlarmArgs(rule, "arn:topic", "docs/runbook.md"),
    );

    assert.deepEqual(
      [missed?.metricName, missed?.comparisonOperator, missed?.period, missed?.treatMissingData],
      ["CanaryMissed", "GreaterThanOrEqualToThreshold", 60, "notBreaching"],
    );
    assert.deepEqual(
      [
        silent?.metricName,
        silent?.comparisonOperator,
        silent?.period,
        silent?.evaluationPeriods,
        silent?.treatMissingData,
      ],
      ["CanaryDenied", "LessThanThreshold", 86_400, 2, "breaching"],
    );
  });

  it("does not ring before two runs could have been made", () => {
    const [, silent] = canaryAlarmRules({ environment: "prod", everyHours: 24 }).map((rule) =>
      metricAlarmArgs(rule, "arn:topic", "docs/runbook.md"),
    );

    assert.deepEqual(silent?.warmUpConfiguration, {
      warmUpPeriodDurationInMinutes: 2880,
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  it("knows the name of its cluster before the cluster is made", async () => {
    const { outputs } = await run();

    assert.equal(outputs.arn, CLUSTER);
  });

  it("writes the schedule of every hour as EventBridge wants it", async () => {
    const result = await run({ everyHours: 1 });

    assert.equal(named(result, "canary-rule").inputs.scheduleExpression, "rate(1 hour)");
  });

  it("names what nobody else should change", async () => {
    const { outputs } = await run();

    assert.deepEqual(outputs.watched, {
      functions: ["canary-function"],
      rules: ["canary-rule"],
      roles: ["canary-role"],
    });
  });
});
