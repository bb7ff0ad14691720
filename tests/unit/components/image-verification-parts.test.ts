import assert from "node:assert/strict";
import { ImageVerification } from "../../../components/image-verification";
import { ARGS, COMPONENTS, componentsOf, run } from "./environment-run";
import { ACCOUNT, DIGEST, REGION } from "./mock-state";
import { named, runProgram } from "./run-program";
import { BEHAVIOUR } from "./settings";

/** The most characters of the name of a component with every part. */
const LONGEST_COMPONENT = 33;

describe("the parts that ImageVerification may have", () => {
  it("makes findings only where it is asked to: permission, variable, alarm, and a schedule for what could not be sent", async () => {
    const [without, with_] = [await run(), await run({ findings: true })];

    assert.doesNotMatch(JSON.stringify(without.resources), /findings|securityhub/i);
    assert.deepEqual(componentsOf(with_.resources).toSorted(), [...COMPONENTS, "FunctionCall"].toSorted());
    assert.match(JSON.stringify(named(with_, "app-verifier-acting").inputs), /securityhub:BatchImportFindings/);
    assert.match(JSON.stringify(named(with_, "app-verifier-function").inputs), /"FINDINGS":"true"/);
    assert.equal(named(with_, "app-findings-rule").inputs.scheduleExpression, "rate(15 minutes)");
    assert.equal(named(with_, "app-findings-target").inputs.input, JSON.stringify({ check: "findings" }));
    assert.equal(named(with_, "app-alarms-findings-unsent").inputs.metricName, "FindingsUnsent");
  });

  it("makes no findings of the gate, before which nothing runs", async () => {
    const result = await run({ findings: true, gate: {} });

    for (const name of ["app-gate-function-acting", "app-gate-function-function"]) {
      assert.doesNotMatch(JSON.stringify(named(result, name).inputs), /securityhub|FINDINGS/, name);
    }
  });

  it("has a gate where it is asked for, which knows what the verifier knows and who may open it", async () => {
    const principals = ["arn:aws:iam::111122223333:role/on-call"];

    const result = await run({ gate: { mode: "enforce", open: { maxHours: 4, principals } }, protect: true });

    assert.deepEqual(
      componentsOf(result.resources).toSorted(),
      [
        ...COMPONENTS,
        ...["DeploymentGate", "GateFunction", "DeploymentCheck", "GateKeeper", "GateAlarms"],
        ...["FunctionCall", "FunctionCall", "FunctionCall"],
      ].toSorted(),
    );
    const gate = named(result, "app-gate-function-function").inputs;
    const verifier = named(result, "app-verifier-function").inputs;
    const variablesOf = ({ environment }: typeof gate) =>
      (environment as { variables: Readonly<Record<string, string>> }).variables;
    const { POSTPONED_QUEUE_URL: _, ...shared } = variablesOf(verifier);
    assert.equal(gate.imageUri, verifier.imageUri);
    assert.deepEqual(variablesOf(gate), {
      ...shared,
      GATE_MODE: "enforce",
      GATE_ON_INCONCLUSIVE: BEHAVIOUR.onInconclusive,
      GATE_OPEN_HOURS: "4",
    });
    const { Statement } = JSON.parse(String(named(result, "app-orders-key-policy").inputs.policy));
    const open = Statement.find(({ Sid }: { Sid: string }) => Sid === "Open");
    assert.deepEqual(open.Principal, { AWS: principals });
  });

  it("lets nobody open a gate that cannot be opened", async () => {
    const result = await run({ gate: { open: false } });

    assert.doesNotMatch(JSON.stringify(named(result, "app-orders-key-policy").inputs), /"open"/);
    assert.match(JSON.stringify(named(result, "app-gate-function-function").inputs), /"GATE_OPEN_HOURS":"0"/);
  });

  it("has a sweep where it is asked for, which judges with what the verifier judges with", async () => {
    const behaviour = { ...BEHAVIOUR, mode: "enforce" } as const;

    const result = await run({
      behaviour,
      sweep: { everyHours: 2, mode: "enforce" },
      verifier: { ...ARGS.verifier, memoryMiB: 1024, timeoutSeconds: 60, logRetentionDays: 30 },
    });

    assert.deepEqual(
      componentsOf(result.resources).toSorted(),
      [...COMPONENTS, "Sweep", "SweepCoordinator", "SweepWorker", "DeploymentCheck", "SweepAlarms"].toSorted(),
    );
    const worker = named(result, "app-sweep-worker-function").inputs;
    const verifier = named(result, "app-verifier-function").inputs;
    const variablesOf = ({ environment }: typeof worker) =>
      (environment as { variables: Readonly<Record<string, string>> }).variables;
    const { POSTPONED_QUEUE_URL: _, ...shared } = variablesOf(verifier);
    assert.deepEqual(
      [worker.imageUri, worker.memorySize, worker.timeout],
      [verifier.imageUri, verifier.memorySize, verifier.timeout],
    );
    assert.deepEqual(variablesOf(worker), {
      ...shared,
      SWEEP_MODE: "enforce",
      SWEEP_QUEUE_URL: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/app-sweep-queue`,
    });
    assert.equal(named(result, "app-sweep-log").inputs.retentionInDays, 30);
    assert.equal(named(result, "app-sweep-schedule").inputs.scheduleExpression, "rate(2 hours)");
    const [reading, verifierReading] = ["app-sweep-worker-reading", "app-verifier-reading"].map(
      (name) => named(result, name).inputs.policy,
    );
    assert.equal(reading, verifierReading);
  });

  it("has a canary where it is asked for, whose cluster is watched, and whose denial the verifier tells nobody of", async () => {
    const cluster = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/web`;
    const its = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/ecs-image-verification-canary-dev`;
    const behaviour = { ...BEHAVIOUR, mode: "enforce" } as const;
    const canary = { subnets: ["subnet-0123456789abcdef0"] };

    const result = await run({ behaviour, clusters: [cluster], sampleWorkload: true, canary });

    const { variables } = named(result, "app-verifier-function").inputs.environment as {
      variables: Readonly<Record<string, string>>;
    };
    assert.deepEqual([variables.CANARY_CLUSTER, variables.CANARY_DIGEST], [its, DIGEST]);
    assert.match(String(variables.CANARY_TASK_DEFINITION), /task-definition\/app-sample-unsigned-task:1$/);
    const pattern = JSON.parse(String(named(result, "app-detector-rule").inputs.eventPattern));
    assert.deepEqual(pattern.detail.clusterArn, [cluster, its]);
    assert.match(String(named(result, "app-verifier-acting").inputs.policy), new RegExp(`\\["${cluster}","${its}"\\]`));
    const started = named(result, "app-canary-function").inputs.environment as { variables: Record<string, string> };
    assert.equal(started.variables.CANARY_CLUSTER, its);
    assert.match(String(started.variables.CANARY_TASK_DEFINITION), /task-definition\/app-sample-unsigned-task:1$/);
    assert.match(String(named(result, "app-dashboard-dashboard").inputs.dashboardBody), /app-canary-silent/);
  });

  it("watches every cluster with a canary too, where none is listed", async () => {
    const result = await run({ sampleWorkload: true, canary: { subnets: ["subnet-0123456789abcdef0"] } });

    assert.doesNotMatch(String(named(result, "app-detector-rule").inputs.eventPattern), /clusterArn/);
  });

  it("runs its canary after everything else, so that a run that fails keeps nothing from being made", async () => {
    const { resources } = await run({
      ...{ sampleWorkload: true, canary: { subnets: ["subnet-0123456789abcdef0"] }, gate: { attach: "all" } },
      ...{ sweep: {}, findings: true, changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:role/deploy" } },
    });

    assert.equal(resources.at(-1)?.name, "app-canary-first-run");
  });

  it("watches every function, rule, role and policy for changes where it is told who deploys", async () => {
    const changeAlarms = { deploymentRole: "arn:aws:iam::111122223333:role/deploy", signingRoles: ["arn:role/ci"] };

    const canary = { subnets: ["subnet-0123456789abcdef0"] };
    const notifications = { slack: { webhookUrl: "https://hooks.slack.example/secret" } };
    const result = await run({
      ...{ gate: { attach: "all" }, sweep: {}, findings: true, sampleWorkload: true },
      ...{ changeAlarms, canary, notifications },
    });

    const patterns = result.resources
      .filter(({ name }) => name.startsWith("app-changes-rule-"))
      .map(({ inputs }) => String(inputs.eventPattern))
      .join("\n");
    const watched = result.resources.filter(
      ({ type, name }) =>
        /:(Function|EventRule|Schedule|Role|Policy|Table|Key|Queue)$/.test(type) &&
        // What watches has names that the rule for rules knows; the sample and the chats change no verdict.
        !/^app-(changes-rule|sample|notifications-(?!undelivered))/.test(name),
    );
    assert.ok(watched.length > 38, String(watched.length));
    for (const { name, inputs } of watched) {
      const shown = inputs.name ?? name;
      assert.match(patterns, new RegExp(`["*/]${shown}["*]`), name);
    }
    assert.match(patterns, /"profileName":\["app_signing_profile"\]/);
    assert.match(String(named(result, "app-dashboard-dashboard").inputs.dashboardBody), /app-changes-alarm-signing/);
  });

  it("stays within EventBridge's limit for the patterns of changes, with every part and the longest names", async () => {
    const make = (length: number) =>
      runProgram(() => {
        const role = (letter: string) => `arn:aws:iam::111122223333:role/${letter.repeat(64)}`;
        const { changes } = new ImageVerification("n".repeat(length), {
          ...ARGS,
          ...{ behaviour: { ...BEHAVIOUR, environment: "e".repeat(64) }, gate: { attach: "all" }, sweep: {} },
          ...{ findings: true, sampleWorkload: true, canary: { subnets: ["subnet-0123456789abcdef0"] } },
          changeAlarms: { deploymentRole: role("d"), signingRoles: [role("s")] },
        });
        return { arns: changes?.alarmArns };
      });

    const result = await make(LONGEST_COMPONENT);

    await assert.rejects(make(LONGEST_COMPONENT + 1), { name: "NameRefusedError" });
    const patterns = result.resources
      .filter(({ name }) => name.includes("-changes-rule-"))
      .map(({ name, inputs }) => [name, String(inputs.eventPattern)] as const);
    assert.equal(patterns.length, 6);
    for (const [name, pattern] of patterns) {
      // Pulumi adds eight characters to each name that it makes, which the mocks do not.
      const made = pattern.split("n".repeat(LONGEST_COMPONENT)).length - 1;
      const length = pattern.length + 8 * made;
      assert.ok(length <= 2048, `${name}: ${length}`);
    }
  });

  it("shows every alarm, function and queue on a dashboard that is made unless it is switched off", async () => {
    const slack = { webhookUrl: "https://hooks.slack.example/secret" };

    const result = await run({ gate: {}, notifications: { slack } });
    const without = await run({ dashboard: false });

    const body = String(named(result, "app-dashboard-dashboard").inputs.dashboardBody);
    const shown = result.resources.filter(({ type }) => /:(MetricAlarm|Queue|Function)$/.test(type));
    assert.ok(shown.length > 25);
    for (const { type, name, inputs } of shown) {
      const known = type.endsWith(":MetricAlarm") ? `:alarm:${name}"` : `"${inputs.name ?? name}"`;
      assert.ok(body.includes(known), name);
    }
    assert.equal(componentsOf(without.resources).includes("Dashboard"), false);
  });

  it("shows on its dashboard the functions and queues of every part that it has", async () => {
    const result = await run({
      ...{
        sampleWorkload: true,
        canary: { subnets: ["subnet-0123456789abcdef0"] },
        gate: { attach: "all" },
        sweep: {},
      },
    });

    const body = String(named(result, "app-dashboard-dashboard").inputs.dashboardBody);
    for (const title of [
      ...["launch verifier", "gate", "keeper", "canary", "sweep, coordinator", "sweep, worker"],
      ...["failure queue", "dead-letter queue", "stops that wait", "sweep", "sweep, dead-letter queue"],
    ]) {
      assert.ok(body.includes(`"label":"${title}`), title);
    }
  });
});
