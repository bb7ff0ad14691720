import assert from "node:assert/strict";
import { gatePolicy, invokerPolicy, keeperPolicy } from "../../../../components/aws/gate-policies";
import { readingPolicy } from "../../../../components/aws/iam";
import { DeploymentGate } from "../../../../components/gate/deployment-gate";
import type { DeploymentGateArgs } from "../../../../components/gate/deployment-gate-args";
import { gateAlarmRules } from "../../../../components/gate/gate-alarm-rules";
import { readGateEnvironment } from "../../../../verifier/src/gate/environment";
import { readKeeperEnvironment } from "../../../../verifier/src/gate/keeper/environment";
import { children, named, type RunOptions, runProgram } from "../run-program";
import { resolvedTrust } from "../settings";

const ARGS: DeploymentGateArgs = {
  environment: "prod",
  imageUri: "registry/verifier@sha256:1",
  architecture: "arm64",
  trust: resolvedTrust(),
  settingsHash: "c0ffee",
  openHours: 8,
  onInconclusive: "alert",
  ledger: { tableName: "ledger", tableArn: "arn:ledger" },
  orders: { tableName: "orders", tableArn: "arn:orders", keyArn: "arn:key" },
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
};
const PLACE = { partition: "aws", region: "eu-west-1", account: "111122223333" };
const GATE = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-prod";
const KEEPER = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-keeper-prod";
const INVOKER = "arn:aws:iam::111122223333:role/ecs-image-verification-gate-invoker-eu-west-1-prod";
const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/web/shop";
const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/web";
const logGroup = (name: string) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`;

function run(changes: Partial<DeploymentGateArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const gate = new DeploymentGate("gate", { ...ARGS, ...changes });
    const { targetArn, invokerRoleArn, mode, functionName, functionArn, logGroupName, keeperFunctionName } = gate;
    return { targetArn, invokerRoleArn, mode, functionName, functionArn, logGroupName, keeperFunctionName };
  }, options);
}

type Run = Awaited<ReturnType<typeof run>>;

const trustedBy = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "AssumeRole", Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] }],
});
const json = (value: unknown) => JSON.parse(JSON.stringify(value));
const variablesOf = (result: Run, name: string) =>
  (named(result, name).inputs.environment as { variables: Readonly<Record<string, string>> }).variables;
const namesOf = (result: Run) => children(result).map(([name]) => name);

const RULE = "arn:aws:events:eu-west-1:111122223333:rule";
/** The rule, the permission and the target of a call. */
const call = (name: string, rule: object, permission: object, target: object) => [
  [
    `${name}-permission`,
    "aws:lambda/permission:Permission",
    {
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: `${RULE}/${name}-rule`,
      ...permission,
    },
  ],
  [`${name}-rule`, "aws:cloudwatch/eventRule:EventRule", rule],
  [`${name}-target`, "aws:cloudwatch/eventTarget:EventTarget", { rule: `${name}-rule`, ...target }],
];

describe("DeploymentGate", () => {
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

  it("tells what other programs need for the hooks of their services", async () => {
    assert.deepEqual((await run()).outputs, {
      targetArn: `${GATE}:live`,
      invokerRoleArn: INVOKER,
      mode: "audit",
      functionName: "ecs-image-verification-gate-prod",
      functionArn: GATE,
      logGroupName: "gate-function-log",
      keeperFunctionName: "ecs-image-verification-keeper-prod",
    });
  });

  it("tells both functions what is watched and what is enforced although it is in audit", async () => {
    const result = await run({ clusters: [CLUSTER], enforce: { clusters: [CLUSTER], services: [SERVICE] } });

    for (const name of ["gate-function-function", "gate-keeper-function"]) {
      const { WATCHED_CLUSTERS, GATE_ENFORCE } = variablesOf(result, name);
      assert.deepEqual([WATCHED_CLUSTERS, GATE_ENFORCE], [CLUSTER, `${CLUSTER},${SERVICE}`]);
    }
  });

  it("tells owners of services by a tag, if one is named, and may then read tags", async () => {
    const result = await run({ ownerTag: "team" });

    assert.equal(variablesOf(result, "gate-function-function").GATE_OWNER_TAG, "team");
    assert.match(String(named(result, "gate-function-acting").inputs.policy), /ecs:ListTagsForResource/);
    assert.doesNotMatch(String(named(await run(), "gate-function-acting").inputs.policy), /ecs:ListTags/);
  });

  it("has variables that both functions understand", async () => {
    const result = await run({
      mode: "enforce",
      clusters: [CLUSTER],
      attach: "listed",
      services: [SERVICE],
      topicArn: "arn:aws:sns:eu-west-1:111122223333:topic",
      orders: { ...ARGS.orders, keyArn: "arn:aws:kms:eu-west-1:111122223333:key/orders" },
    });

    const gate = readGateEnvironment(variablesOf(result, "gate-function-function"));
    const keeper = readKeeperEnvironment(variablesOf(result, "gate-keeper-function"));
    assert.deepEqual([gate.mode, gate.openHours, gate.watchedClusters], ["enforce", 8, [CLUSTER]]);
    const { environment, attach, services, mode, openHours } = keeper;
    assert.deepEqual([environment, attach, services, mode, openHours], ["prod", "listed", [SERVICE], "enforce", 8]);
  });

  it("is recorded with its mode, whether or not it was given", async () => {
    assert.equal(named(await run(), "gate").inputs.mode, "audit");
    assert.equal(named(await run({ mode: "enforce" }), "gate").inputs.mode, "enforce");
  });

  it("attaches listed services, and looks after deployments only where it attaches all", async () => {
    const listed = await run({ attach: "listed", services: [SERVICE] });
    const all = await run({ attach: "all" });

    const { KEEPER_ATTACH, KEEPER_SERVICES } = variablesOf(listed, "gate-keeper-function");
    assert.deepEqual([KEEPER_ATTACH, KEEPER_SERVICES], ["listed", SERVICE]);
    assert.deepEqual(namesOf(listed), namesOf(await run()));
    const more = children(all).filter(([name]) => name.startsWith("gate-deployments-"));
    assert.deepEqual(
      more,
      call(
        "gate-deployments",
        {
          description: "Ends of Amazon ECS deployments, for the deployment gate of container images",
          eventPattern: {
            source: ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change"],
            detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
          },
        },
        { function: "ecs-image-verification-keeper-prod" },
        { arn: KEEPER },
      ),
    );
    assert.equal(namesOf(all).length, namesOf(listed).length + more.length);
  });

  it("reserves as much as it is told, or nothing", async () => {
    const reserved = async (reservedConcurrency: number | "none") =>
      named(await run({ reservedConcurrency }), "gate-function-function").inputs.reservedConcurrentExecutions;

    assert.deepEqual([await reserved(50), await reserved("none")], [50, undefined]);
  });

  it("takes sizes, limits and keys from its arguments", async () => {
    const result = await run({
      memoryMiB: 1024,
      timeoutSeconds: 60,
      logRetentionDays: 365,
      logKmsKeyArn: "arn:key",
    });

    const { memorySize, timeout } = named(result, "gate-function-function").inputs;
    assert.deepEqual([memorySize, timeout], [1024, 60]);
    for (const name of ["gate-function-log", "gate-keeper-log"]) {
      assert.deepEqual(named(result, name).inputs, { retentionInDays: 365, kmsKeyId: "arn:key" });
    }
  });

  it("rings when it does not answer, lets something pass or is taken away", async () => {
    const alarms = children(await run()).filter(([name]) => name.startsWith("gate-alarms-"));

    const watched = alarms.map(([name, , inputs]) => {
      const { metricName, dimensions, period, evaluationPeriods, comparisonOperator, treatMissingData } =
        inputs as Record<string, unknown>;
      const { FunctionName = "own" } = dimensions as Record<string, string>;
      const missed = comparisonOperator === "LessThanThreshold" && treatMissingData === "breaching";
      return [name.slice("gate-alarms-".length), metricName, FunctionName, period, evaluationPeriods, missed];
    });
    const gate = "ecs-image-verification-gate-prod";
    assert.deepEqual(watched, [
      ["already-running", "GateAlreadyRunning", "own", 60, 1, false],
      ["errors", "Errors", gate, 60, 1, false],
      ["failed", "GateError", "own", 60, 1, false],
      ["heartbeat", "GateHeartbeat", "own", 900, 2, true],
      ["keeper-errors", "Errors", "ecs-image-verification-keeper-prod", 3600, 1, false],
      ["keeper-failed", "KeeperFailed", "own", 60, 1, false],
      ["not-active", "GateNotActive", "own", 60, 1, false],
      ["opened", "GateOpened", "own", 60, 1, false],
      ["removed", "GateRemoved", "own", 60, 1, false],
      ["throttles", "Throttles", gate, 60, 1, false],
    ]);
    for (const [, , inputs] of alarms)
      assert.deepEqual((inputs as Record<string, unknown>).alarmActions, ["arn:topic"]);
  });

  it("says in each alarm what has happened and what to do, within CloudWatch's 1024 characters", () => {
    const rules = gateAlarmRules({ environment: "prod", functionName: "gate", keeperFunctionName: "keeper" });
    for (const { alarm, description } of rules) {
      assert.match(description, /\. .*\.$/, `${alarm}: two sentences at least`);
      assert.ok(description.length <= 1024, alarm);
    }
  });

  it("lets a program change its parts, with a warning of what hooks depend on", async () => {
    const result = await run({
      children: {
        alias: { args: { description: "ours" } },
        keeper: { function: { args: { memorySize: 256 } } },
        heartbeat: { rule: { args: { state: "DISABLED" } } },
        alarms: { opened: { args: { threshold: 3 } } },
      },
    });

    assert.equal(named(result, "gate-alias").inputs.description, "ours");
    assert.equal(named(result, "gate-keeper-function").inputs.memorySize, 256);
    assert.equal(named(result, "gate-alarms-opened").inputs.threshold, 3);
    assert.deepEqual(
      result.warnings.map((warning) => warning.split(" ")[0]),
      ["children.rule.args.state"],
    );
  });

  it("makes the same in a preview", async () => {
    const preview = await run({ attach: "all" }, { preview: true });

    assert.deepEqual(namesOf(preview), namesOf(await run({ attach: "all" })));
  });
});
