import assert from "node:assert/strict";
import { actingPolicy, readingPolicy } from "../../../../components/aws/iam";
import { VerifierFunction, type VerifierFunctionArgs } from "../../../../components/detector/verifier-function";
import { children, named, type RunOptions, runProgram } from "../run-program";
import { resolvedTrust } from "../settings";

const ARGS: VerifierFunctionArgs = {
  imageUri: "registry/verifier@sha256:1",
  architecture: "arm64",
  trust: resolvedTrust(),
  mode: "enforce",
  ledger: { tableName: "ledger", tableArn: "arn:ledger" },
  environment: "prod",
  orders: { tableName: "orders", tableArn: "arn:orders", keyArn: "arn:key" },
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
};

function run(changes: Partial<VerifierFunctionArgs> = {}, options?: RunOptions) {
  return runProgram(() => void new VerifierFunction("verifier", { ...ARGS, ...changes }), options);
}

const FAILURES = "arn:aws:sqs:eu-west-1:111122223333:verifier-failures";
const POSTPONED = "arn:aws:sqs:eu-west-1:111122223333:verifier-postponed";

describe("VerifierFunction", () => {
  it("makes a function with a role, a log, a queue for failures and one for stops that wait", async () => {
    const permissions = {
      trust: resolvedTrust(),
      mode: "enforce",
      ledgerArn: "arn:ledger",
      eventBusArn: "arn:bus",
      topicArn: "arn:topic",
      failureQueueArn: FAILURES,
      postponedQueueArn: POSTPONED,
      logGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:verifier-log",
      environment: "prod",
      ordersTableArn: "arn:orders",
      ordersKeyArn: "arn:key",
    } as const;

    const result = await run();

    assert.deepEqual(children(result), [
      [
        "verifier-acting",
        "aws:iam/policy:Policy",
        {
          description: "What the verifier of container images does with a verdict",
          policy: actingPolicy(permissions),
        },
      ],
      [
        "verifier-acting-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        { role: "verifier-role", policyArn: "arn:aws:iam::111122223333:policy/verifier-acting" },
      ],
      ["verifier-failures", "aws:sqs/queue:Queue", { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true }],
      [
        "verifier-function",
        "aws:lambda/function:Function",
        {
          description: "Judges the images of the tasks that Amazon ECS launches",
          packageType: "Image",
          imageUri: "registry/verifier@sha256:1",
          architectures: ["arm64"],
          role: "arn:aws:iam::111122223333:role/verifier-role",
          memorySize: 512,
          timeout: 120,
          environment: {
            variables: {
              LEDGER_TABLE: "ledger",
              EVENT_BUS: "arn:bus",
              NOTIFICATION_TOPIC: "arn:topic",
              POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/verifier-postponed",
              ORDERS_TABLE: "orders",
              ORDERS_KEY_ARN: "arn:key",
            },
          },
          loggingConfig: { logFormat: "Text", logGroup: "verifier-log" },
        },
      ],
      ["verifier-log", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }],
      [
        "verifier-postponed",
        "aws:sqs/queue:Queue",
        {
          messageRetentionSeconds: 1_209_600,
          sqsManagedSseEnabled: true,
          visibilityTimeoutSeconds: 600,
          redrivePolicy: { deadLetterTargetArn: FAILURES, maxReceiveCount: 12 },
        },
      ],
      [
        "verifier-postponed-stops",
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        {
          eventSourceArn: POSTPONED,
          functionName: "arn:aws:lambda:eu-west-1:111122223333:function:verifier-function",
          batchSize: 1,
          functionResponseTypes: ["ReportBatchItemFailures"],
          scalingConfig: { maximumConcurrency: 2 },
        },
      ],
      [
        "verifier-reading",
        "aws:iam/policy:Policy",
        { description: "What the verifier of container images reads", policy: readingPolicy(permissions) },
      ],
      [
        "verifier-reading-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        { role: "verifier-role", policyArn: "arn:aws:iam::111122223333:policy/verifier-reading" },
      ],
      [
        "verifier-retries",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        {
          functionName: "verifier-function",
          maximumRetryAttempts: 2,
          maximumEventAgeInSeconds: 21_600,
          destinationConfig: { onFailure: { destination: FAILURES } },
        },
      ],
      [
        "verifier-role",
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
    ]);
  });

  it("takes sizes, limits and keys from its arguments", async () => {
    const result = await run({
      memoryMiB: 1024,
      timeoutSeconds: 60,
      reservedConcurrency: 20,
      logRetentionDays: 365,
      logKmsKeyArn: "arn:key",
    });

    const { memorySize, timeout, reservedConcurrentExecutions } = named(result, "verifier-function").inputs;
    assert.deepEqual([memorySize, timeout, reservedConcurrentExecutions], [1024, 60, 20]);
    assert.deepEqual(named(result, "verifier-log").inputs, { retentionInDays: 365, kmsKeyId: "arn:key" });
  });

  it("hides a stop that waits for a whole window, and no shorter than the function may run", async () => {
    const hidden = async (timeoutSeconds: number) =>
      named(await run({ timeoutSeconds }), "verifier-postponed").inputs.visibilityTimeoutSeconds;

    assert.deepEqual([await hidden(10), await hidden(600), await hidden(900)], [600, 600, 900]);
  });

  it("makes the same in a preview, with policies that are not known yet", async () => {
    const result = await run({}, { preview: true });

    const names = children(result).map(([name]) => name);
    assert.deepEqual(
      names,
      children(await run()).map(([name]) => name),
    );
    assert.equal(named(result, "verifier-acting").inputs.policy, "(unknown)");
  });
});
