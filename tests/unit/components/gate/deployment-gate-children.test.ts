import assert from "node:assert/strict";
import { gatePolicy, invokerPolicy, keeperPolicy } from "../../../../components/aws/gate-policies";
import { readingPolicy } from "../../../../components/aws/iam";
import { children } from "../run-program";
import { resolvedTrust } from "../settings";
import { call, GATE, INVOKER, KEEPER, logGroup, PLACE, run } from "./support";

const trustedBy = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "AssumeRole", Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] }],
});
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("the resources of DeploymentGate", () => {
  it("makes a function behind an alias, the role that invokes it, a heartbeat, a keeper and a guard", async () => {
    const result = await run();

    const made = children(result).filter(([name]) => !name.startsWith("gate-alarms-"));
    const reading = json(readingPolicy({ trust: resolvedTrust() }));
    const acting = json(
      gatePolicy({
        place: PLACE,
        environment: "prod",
        ledgerArn: "arn:ledger",
        ordersTableArn: "arn:orders",
        ordersKeyArn: "arn:key",
        eventBusArn: "arn:bus",
        topicArn: "arn:topic",
        logGroupArn: logGroup("gate-function-log"),
        readsTags: false,
      }),
    );
    assert.deepEqual(made, [
      [
        "gate-alias",
        "aws:lambda/alias:Alias",
        {
          name: "live",
          description: "What Amazon ECS invokes for the deployment gate of container images",
          functionName: "ecs-image-verification-gate-prod",
          functionVersion: "7",
        },
      ],
      ...call(
        "gate-changes",
        {
          description: "Changes of Amazon ECS services: one may take the deployment gate of container images away",
          eventPattern: {
            source: ["aws.ecs"],
            "detail-type": ["AWS API Call via CloudTrail"],
            detail: {
              eventSource: ["ecs.amazonaws.com"],
              eventName: ["UpdateService"],
              errorCode: [{ exists: false }],
            },
          },
        },
        { function: "ecs-image-verification-keeper-prod" },
        { arn: KEEPER },
      ),
      [
        "gate-check-invocation",
        "aws:lambda/invocation:Invocation",
        {
          functionName: "ecs-image-verification-gate-prod",
          qualifier: "7",
          input: { check: "deployment", settings: "c0ffee" },
          triggers: {
            image: "registry/verifier@sha256:1",
            permissions: `${JSON.stringify(reading)}\n${JSON.stringify(acting)}`,
          },
        },
      ],
      [
        "gate-function-acting",
        "aws:iam/policy:Policy",
        { description: "What the deployment gate of container images does with a verdict", policy: acting },
      ],
      [
        "gate-function-acting-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {
          role: "ecs-image-verification-gate-eu-west-1-prod",
          policyArn: "arn:aws:iam::111122223333:policy/gate-function-acting",
        },
      ],
      [
        "gate-function-function",
        "aws:lambda/function:Function",
        {
          name: "ecs-image-verification-gate-prod",
          description: "Judges the images of deployments before Amazon ECS starts their tasks",
          packageType: "Image",
          imageUri: "registry/verifier@sha256:1",
          imageConfig: { commands: ["deployment.handler"] },
          architectures: ["arm64"],
          role: "arn:aws:iam::111122223333:role/ecs-image-verification-gate-eu-west-1-prod",
          memorySize: 512,
          timeout: 120,
          reservedConcurrentExecutions: 10,
          publish: true,
          environment: {
            variables: {
              LEDGER_TABLE: "ledger",
              EVENT_BUS: "arn:bus",
              NOTIFICATION_TOPIC: "arn:topic",
              ORDERS_TABLE: "orders",
              ORDERS_KEY_ARN: "arn:key",
              GATE_MODE: "audit",
              GATE_ON_INCONCLUSIVE: "alert",
              GATE_OPEN_HOURS: "8",
            },
          },
          loggingConfig: { logFormat: "Text", logGroup: "gate-function-log" },
        },
      ],
      ["gate-function-log", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }],
      [
        "gate-function-reading",
        "aws:iam/policy:Policy",
        { description: "What the deployment gate of container images reads", policy: reading },
      ],
      [
        "gate-function-reading-attachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {
          role: "ecs-image-verification-gate-eu-west-1-prod",
          policyArn: "arn:aws:iam::111122223333:policy/gate-function-reading",
        },
      ],
      [
        "gate-function-role",
        "aws:iam/role:Role",
        { name: "ecs-image-verification-gate-eu-west-1-prod", assumeRolePolicy: trustedBy("lambda.amazonaws.com") },
      ],
      [
        "gate-guard",
        "aws:lambda/invocation:Invocation",
        {
          functionName: "ecs-image-verification-keeper-prod",
          input: { check: "removal" },
          lifecycleScope: "CRUD",
          triggers: { target: `${GATE}:live`, invoker: INVOKER },
        },
      ],
      ...call(
        "gate-heartbeat",
        {
          description: "Keeps the deployment gate of container images ready, and shows that it is",
          scheduleExpression: "rate(15 minutes)",
        },
        { function: "ecs-image-verification-gate-prod", qualifier: "live" },
        { arn: `${GATE}:live`, input: { check: "gate" } },
      ),
      [
        "gate-invoker",
        "aws:iam/role:Role",
        {
          name: "ecs-image-verification-gate-invoker-eu-west-1-prod",
          assumeRolePolicy: trustedBy("ecs.amazonaws.com"),
        },
      ],
      [
        "gate-invoker-policy",
        "aws:iam/rolePolicy:RolePolicy",
        { role: "ecs-image-verification-gate-invoker-eu-west-1-prod", policy: json(invokerPolicy(GATE)) },
      ],
      [
        "gate-keeper-function",
        "aws:lambda/function:Function",
        {
          name: "ecs-image-verification-keeper-prod",
          description: "Looks which Amazon ECS services have the deployment gate, and attaches it where it should",
          packageType: "Image",
          imageUri: "registry/verifier@sha256:1",
          imageConfig: { commands: ["keeper.handler"] },
          architectures: ["arm64"],
          role: "arn:aws:iam::111122223333:role/ecs-image-verification-keeper-eu-west-1-prod",
          memorySize: 512,
          timeout: 900,
          environment: {
            variables: {
              ENVIRONMENT: "prod",
              LEDGER_TABLE: "ledger",
              NOTIFICATION_TOPIC: "arn:topic",
              ORDERS_TABLE: "orders",
              ORDERS_KEY_ARN: "arn:key",
              GATE_OPEN_HOURS: "8",
              KEEPER_ATTACH: "none",
              GATE_TARGET_ARN: `${GATE}:live`,
              GATE_INVOKER_ROLE_ARN: INVOKER,
              GATE_MODE: "audit",
            },
          },
          loggingConfig: { logFormat: "Text", logGroup: "gate-keeper-log" },
        },
      ],
      ["gate-keeper-log", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }],
      [
        "gate-keeper-policy",
        "aws:iam/rolePolicy:RolePolicy",
        {
          role: "ecs-image-verification-keeper-eu-west-1-prod",
          policy: json(
            keeperPolicy({
              place: PLACE,
              attach: "none",
              services: [],
              gateArn: GATE,
              invokerRoleArn: INVOKER,
              environment: "prod",
              ordersTableArn: "arn:orders",
              ordersKeyArn: "arn:key",
              ledgerArn: "arn:ledger",
              topicArn: "arn:topic",
              logGroupArn: logGroup("gate-keeper-log"),
            }),
          ),
        },
      ],
      [
        "gate-keeper-role",
        "aws:iam/role:Role",
        { name: "ecs-image-verification-keeper-eu-west-1-prod", assumeRolePolicy: trustedBy("lambda.amazonaws.com") },
      ],
      [
        "gate-retries",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        {
          functionName: "ecs-image-verification-gate-prod",
          qualifier: "live",
          maximumRetryAttempts: 0,
          maximumEventAgeInSeconds: 60,
        },
      ],
      ...call(
        "gate-schedule",
        {
          description: "Looks which Amazon ECS services have the deployment gate of container images",
          scheduleExpression: "rate(15 minutes)",
        },
        { function: "ecs-image-verification-keeper-prod" },
        { arn: KEEPER, input: { check: "keeper" } },
      ),
    ]);
  });
});
