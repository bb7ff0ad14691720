import assert from "node:assert/strict";
import { gateAlarmRules } from "../../../../components/gate/gate-alarm-rules";
import { readGateEnvironment } from "../../../../verifier/src/gate/environment";
import { readKeeperEnvironment } from "../../../../verifier/src/gate/keeper/environment";
import { children, named } from "../run-program";
import { ARGS, CLUSTER, call, GATE, INVOKER, KEEPER, namesOf, run, SERVICE, variablesOf } from "./support";

describe("DeploymentGate", () => {
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
