import assert from "node:assert/strict";
import { readingPolicy } from "../../../../components/aws/iam";
import {
  coordinatorPolicy,
  sweepSchedulePolicy,
  workerClustersPolicy,
  workerPolicy,
} from "../../../../components/aws/sweep-policies";
import { children } from "../run-program";
import { resolvedTrust } from "../settings";
import { COORDINATOR, LOG, queueArn, run } from "./support";

const trustedBy = (service: string, condition: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    { Sid: "AssumeRole", Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"], ...condition },
  ],
});
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

const QUEUE = queueArn("sweep-queue");
const DEAD_LETTERS = queueArn("sweep-dead-letters");
const VARIABLES = {
  LEDGER_TABLE: "ledger",
  SWEEP_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/sweep-queue",
  NOTIFICATION_TOPIC: "arn:topic",
  EVENT_BUS: "arn:bus",
  ORDERS_TABLE: "orders",
  ORDERS_KEY_ARN: "arn:key",
  SWEEP_MODE: "audit",
};

describe("the resources of Sweep", () => {
  it("makes a schedule, a coordinator, a queue with its dead letters, a worker that is checked, and one log", async () => {
    const result = await run();

    const made = children(result).filter(([name]) => !name.startsWith("sweep-alarms-"));
    const reading = json(readingPolicy({ trust: resolvedTrust() }));
    const acting = json(
      workerPolicy({
        environment: "prod",
        ledgerArn: "arn:ledger",
        ordersTableArn: "arn:orders",
        ordersKeyArn: "arn:key",
        eventBusArn: "arn:bus",
        topicArn: "arn:topic",
        queueArn: QUEUE,
        logGroupArn: LOG,
      }),
    );
    const clusters = json(workerClustersPolicy({ trust: resolvedTrust(), mode: "audit" }));
    assert.deepEqual(made, [
      [
        "sweep-check-invocation",
        "aws:lambda/invocation:Invocation",
        {
          functionName: "sweep-worker-function",
          input: { check: "deployment", settings: "c0ffee" },
          triggers: {
            image: "registry/verifier@sha256:1",
            permissions: [reading, acting, clusters].map((policy) => JSON.stringify(policy)).join("\n"),
          },
        },
      ],
      [
        "sweep-coordinator-function",
        "aws:lambda/function:Function",
        {
          name: "ecs-image-verification-sweep-prod",
          description: "Lists what runs on Amazon ECS, to have its images judged again",
          packageType: "Image",
          imageUri: "registry/verifier@sha256:1",
          imageConfig: { commands: ["sweep.handler"] },
          architectures: ["arm64"],
          role: "arn:aws:iam::111122223333:role/sweep-coordinator-role",
          memorySize: 1024,
          timeout: 900,
          environment: { variables: VARIABLES },
          loggingConfig: { logFormat: "Text", logGroup: "sweep-log" },
        },
      ],
      [
        "sweep-coordinator-policy",
        "aws:iam/rolePolicy:RolePolicy",
        {
          role: "sweep-coordinator-role",
          policy: json(
            coordinatorPolicy({
              functionArn: COORDINATOR,
              ledgerArn: "arn:ledger",
              queueArn: QUEUE,
              deadLetterQueueArn: DEAD_LETTERS,
              topicArn: "arn:topic",
              logGroupArn: LOG,
            }),
          ),
        },
      ],
      [
        "sweep-coordinator-retries",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        {
          functionName: "ecs-image-verification-sweep-prod",
          maximumRetryAttempts: 2,
          maximumEventAgeInSeconds: 3600,
          destinationConfig: { onFailure: { destination: DEAD_LETTERS } },
        },
      ],
      ["sweep-coordinator-role", "aws:iam/role:Role", { assumeRolePolicy: trustedBy("lambda.amazonaws.com") }],
      ["sweep-dead-letters", "aws:sqs/queue:Queue", { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true }],
      ["sweep-log", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }],
      [
        "sweep-queue",
        "aws:sqs/queue:Queue",
        {
          messageRetentionSeconds: 86_400,
          sqsManagedSseEnabled: true,
          visibilityTimeoutSeconds: 720,
          redrivePolicy: { deadLetterTargetArn: DEAD_LETTERS, maxReceiveCount: 5 },
        },
      ],
      [
        "sweep-schedule",
        "aws:scheduler/schedule:Schedule",
        {
          description: "Has everything that runs on Amazon ECS judged again",
          scheduleExpression: "rate(6 hours)",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: COORDINATOR,
            roleArn: "arn:aws:iam::111122223333:role/sweep-schedule-role",
            input: { ecsImageVerification: "sweep", run: "<aws.scheduler.scheduled-time>" },
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
            deadLetterConfig: { arn: DEAD_LETTERS },
          },
        },
      ],
      [
        "sweep-schedule-policy",
        "aws:iam/rolePolicy:RolePolicy",
        { role: "sweep-schedule-role", policy: json(sweepSchedulePolicy(COORDINATOR, DEAD_LETTERS)) },
      ],
      [
        "sweep-schedule-role",
        "aws:iam/role:Role",
        {
          assumeRolePolicy: trustedBy("scheduler.amazonaws.com", {
            Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
          }),
        },
      ],
      [
        "sweep-worker-acting",
        "aws:iam/policy:Policy",
        { description: "What the sweep of running container images does with a verdict", policy: acting },
      ],
      [
        "sweep-worker-acting-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        { role: "sweep-worker-role", policyArn: "arn:aws:iam::111122223333:policy/sweep-worker-acting" },
      ],
      ["sweep-worker-clusters", "aws:iam/rolePolicy:RolePolicy", { role: "sweep-worker-role", policy: clusters }],
      [
        "sweep-worker-function",
        "aws:lambda/function:Function",
        {
          description: "Judges the images of the tasks that run on Amazon ECS again",
          packageType: "Image",
          imageUri: "registry/verifier@sha256:1",
          imageConfig: { commands: ["sweep-worker.handler"] },
          architectures: ["arm64"],
          role: "arn:aws:iam::111122223333:role/sweep-worker-role",
          memorySize: 512,
          timeout: 120,
          environment: { variables: VARIABLES },
          loggingConfig: { logFormat: "Text", logGroup: "sweep-log" },
        },
      ],
      [
        "sweep-worker-images",
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        {
          eventSourceArn: QUEUE,
          functionName: "arn:aws:lambda:eu-west-1:111122223333:function:sweep-worker-function",
          batchSize: 5,
          functionResponseTypes: ["ReportBatchItemFailures"],
          scalingConfig: { maximumConcurrency: 2 },
        },
      ],
      [
        "sweep-worker-reading",
        "aws:iam/policy:Policy",
        { description: "What the sweep of running container images reads", policy: reading },
      ],
      [
        "sweep-worker-reading-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        { role: "sweep-worker-role", policyArn: "arn:aws:iam::111122223333:policy/sweep-worker-reading" },
      ],
      ["sweep-worker-role", "aws:iam/role:Role", { assumeRolePolicy: trustedBy("lambda.amazonaws.com") }],
    ]);
  });
});
