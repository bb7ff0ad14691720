import assert from "node:assert/strict";
import { ImageVerification } from "../../../components/image-verification";
import type { GateArgs, ImageVerificationArgs } from "../../../components/image-verification-args";
import { notationTrustPolicy } from "../../../trust/derive";
import { TrustDocumentError } from "../../../trust/problem";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import { SETTINGS_VERSION } from "../../../verifier/src/settings-version";
import { MACHINE } from "./machine";
import { ACCOUNT, DIGEST, REGION, REGISTRY } from "./mock-state";
import { children, named, type RunOptions, runProgram } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

const ARGS: ImageVerificationArgs = {
  trust: TRUST,
  behaviour: BEHAVIOUR,
  verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
  machine: MACHINE,
};
const PROFILE = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/app_signing_profile`;

function run(changes: Partial<ImageVerificationArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const { registry, logsQuery, sample } = new ImageVerification("app", { ...ARGS, ...changes });
    return { registry, logsQuery, repository: sample?.repositoryUrl ?? "none" };
  }, options);
}

const COMPONENTS = [
  "ImageVerification",
  "SigningProfile",
  "VerifierImage",
  "VerdictLedger",
  "Orders",
  "Notifications",
  "VerifierFunction",
  "LaunchDetector",
  "OrderWatch",
  "DeploymentCheck",
  "Alarms",
  "Dashboard",
];

function componentsOf(resources: readonly { readonly type: string }[]): readonly string[] {
  const prefix = "ecs-image-verification:components:";
  return resources.flatMap(({ type }) => (type.startsWith(prefix) ? [type.slice(prefix.length)] : []));
}

/** The most characters of the name of a component with every part. */
const LONGEST_COMPONENT = 33;

describe("ImageVerification", () => {
  it("is made of its parts, and of no sample unless it is asked for", async () => {
    assert.deepEqual(componentsOf((await run()).resources).toSorted(), [...COMPONENTS].toSorted());
    assert.deepEqual(
      componentsOf((await run({ sampleWorkload: true })).resources).toSorted(),
      [...COMPONENTS, "SampleWorkload"].toSorted(),
    );
  });

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

  it("has no schedule and no permission for exemptions where there are none", async () => {
    const result = await run({ behaviour: { ...BEHAVIOUR, exemptionHours: 0 } });

    assert.equal(componentsOf(result.resources).includes("OrderWatch"), false);
    assert.doesNotMatch(JSON.stringify(named(result, "app-orders-key-policy").inputs), /"exempt"/);
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

  for (const [title, sweep, message] of [
    [
      "that stops what the detector lets run",
      { mode: "enforce" },
      /sweep\.mode is "enforce": it does not fit the environment's mode/,
    ],
    [
      "that is never made",
      { everyHours: 0 },
      /sweep\.everyHours is 0: it is no time between two runs.* whole number from 1 to 24/,
    ],
  ] as const) {
    it(`refuses a sweep ${title}, before anything is made`, async () => {
      const result = await runProgram(() => {
        const make = () => new ImageVerification("app", { ...ARGS, behaviour: { ...BEHAVIOUR, mode: "audit" }, sweep });
        assert.throws(make, { name: "SweepSettingsError", message });
      });

      assert.deepEqual(result.resources, []);
    });
  }

  it("tells every function, alarm and chat of its own runbook", async () => {
    const page = "https://wiki.example.com/runbook";

    const result = await run({
      runbookUrl: page,
      gate: {},
      sweep: {},
      notifications: { slack: { webhookUrl: "https://hooks.slack.example/secret" } },
    });

    for (const name of [
      "app-verifier-function",
      "app-gate-function-function",
      "app-gate-keeper-function",
      "app-sweep-coordinator-function",
      "app-sweep-worker-function",
    ]) {
      const { variables } = named(result, name).inputs.environment as { variables: Readonly<Record<string, string>> };
      assert.equal(variables.RUNBOOK_URL, page, name);
    }
    assert.match(
      String(named(result, "app-alarms-errors").inputs.alarmDescription),
      / Runbook: \S+runbook#alarm-errors$/,
    );
    assert.match(
      String(named(result, "app-gate-alarms-errors").inputs.alarmDescription),
      / Runbook: https:\/\/wiki\.example\.com\/runbook#gate-alarm-errors$/,
    );
    assert.match(
      String(named(result, "app-sweep-alarms-missed").inputs.alarmDescription),
      / Runbook: https:\/\/wiki\.example\.com\/runbook#sweep-alarm-missed$/,
    );
    assert.match(JSON.stringify(named(result, "app-notifications-slack-target").inputs), /runbook#<code>/);
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

  it("runs its canary after everything else, so that a run that fails keeps nothing from being made", async () => {
    const { resources } = await run({
      ...{ sampleWorkload: true, canary: { subnets: ["subnet-0123456789abcdef0"] }, gate: { attach: "all" } },
      ...{ sweep: {}, findings: true, changeAlarms: { deploymentRole: "arn:aws:iam::111122223333:role/deploy" } },
    });

    assert.equal(resources.at(-1)?.name, "app-canary-first-run");
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

  it("watches every cluster with a canary too, where none is listed", async () => {
    const result = await run({ sampleWorkload: true, canary: { subnets: ["subnet-0123456789abcdef0"] } });

    assert.doesNotMatch(String(named(result, "app-detector-rule").inputs.eventPattern), /clusterArn/);
  });

  it("refuses a canary without the sample, before anything is made", async () => {
    const result = await runProgram(() => {
      const make = () => new ImageVerification("app", { ...ARGS, canary: { subnets: ["subnet-0123456789abcdef0"] } });
      assert.throws(make, { name: "CanaryWithoutSampleError", message: /Set sampleWorkload to true/ });
    });

    assert.deepEqual(result.resources, []);
  });

  for (const everyHours of [0, 1.5, 48]) {
    it(`refuses a canary every ${everyHours} hours, before anything is made`, async () => {
      const canary = { subnets: ["subnet-0123456789abcdef0"], everyHours };

      const result = await runProgram(() => {
        const make = () => new ImageVerification("app", { ...ARGS, sampleWorkload: true, canary });
        assert.throws(make, {
          name: "CanarySettingsError",
          message: new RegExp(`canary\\.everyHours is ${everyHours}: .* whole number from 1 to 24`),
        });
      });

      assert.deepEqual(result.resources, []);
    });
  }

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

  it("lets nobody open a gate that cannot be opened", async () => {
    const result = await run({ gate: { open: false } });

    assert.doesNotMatch(JSON.stringify(named(result, "app-orders-key-policy").inputs), /"open"/);
    assert.match(JSON.stringify(named(result, "app-gate-function-function").inputs), /"GATE_OPEN_HOURS":"0"/);
  });

  for (const [title, gate, message] of [
    ["in audit before a detector that enforces", {}, /gate\.mode is "audit": it does not fit the environment's mode/],
    [
      "that could be opened too long",
      { mode: "enforce", open: { maxHours: 96 } },
      /maxHours must be a whole number from 1 to 72/,
    ],
    ["that could be opened for half an hour", { mode: "enforce", open: { maxHours: 0.5 } }, /gate\.open is \{.*0\.5/],
    ["of listed services without a list", { mode: "enforce", attach: "listed" }, /gate\.services is \[\]: it names no/],
    [
      "that enforces everywhere and in one place",
      { mode: "enforce", enforce: { clusters: ["arn:cluster"] } },
      /gate\.enforce is .*: it contradicts gate\.mode/,
    ],
  ] as const) {
    it(`refuses a gate ${title}, before anything is made`, async () => {
      const behaviour = { ...BEHAVIOUR, mode: "enforce" } as const;

      const result = await runProgram(() => {
        const make = () =>
          new ImageVerification("app", { ...ARGS, behaviour, gate: structuredClone(gate) as GateArgs });
        assert.throws(make, { name: "GateSettingsError", message });
      });

      assert.deepEqual(result.resources, []);
    });
  }

  it("tells what is wrong with the trust document in this place, without a stack trace", async () => {
    const trust = { ...TRUST, registries: [...TRUST.registries, "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"] };

    await assert.rejects(run({ trust }), (error: Error) => {
      assert.ok(error instanceof TrustDocumentError);
      assert.match(error.message, /is in the partition aws-us-gov/);
      // Pulumi puts the way to the property in front of the message.
      assert.ok(error.message.endsWith(error.stack ?? ""));
      return true;
    });
  });

  it("names every mistake in a trust document before it makes anything, without a stack trace", async () => {
    const [statement] = TRUST.statements;
    const trust = { registries: ["SELF"], statements: [{ ...statement, name: "" }] } as ImageVerificationArgs["trust"];

    await assert.rejects(run({ trust }), (error: Error) => {
      assert.ok(error instanceof TrustDocumentError);
      assert.match(error.message, /^The trust document of ImageVerification app has 2 problems\./);
      assert.match(error.message, /registries\[0\]/);
      assert.equal(error.stack, error.message);
      return true;
    });
  });

  it("bakes the trust document into the image, with the signing profile that it made", async () => {
    const result = await run();

    const { build } = named(result, "app-image-image").inputs as { build: { args: Record<string, string> } };
    const { trust, ...behaviour } = JSON.parse(build.args.SETTINGS ?? "");
    assert.deepEqual(behaviour, { version: SETTINGS_VERSION, ...BEHAVIOUR });
    assert.deepEqual(trust.statements, [{ name: "release", repositories: ["*"], identities: [PROFILE] }]);
    assert.deepEqual(trust.registries, [REGISTRY]);
    assert.deepEqual(JSON.parse(build.args.TRUST_POLICY ?? ""), JSON.parse(JSON.stringify(notationTrustPolicy(trust))));
  });

  it("lets the function read what the trust document says, put events on one bus, and stop only in enforce", async () => {
    const statementsOf = async (changes: Partial<ImageVerificationArgs>) => {
      const made = children(await run(changes)).flatMap(([name, , inputs]) =>
        /^app-verifier-(reading|acting)$/.test(name) ? [inputs] : [],
      ) as readonly { policy: { Statement: { Sid: string; Resource: string[] }[] } }[];
      const statements = made.flatMap(({ policy }) => policy.Statement);
      return new Map(statements.map(({ Sid, Resource }) => [Sid, Resource]));
    };
    const cluster = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/web`;

    const audit = await statementsOf({ eventBus: "verdicts" });
    const enforce = await statementsOf({ behaviour: { ...BEHAVIOUR, mode: "enforce" }, clusters: [cluster] });

    assert.deepEqual(audit.get("ReadSignatures"), [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/*`]);
    assert.deepEqual(audit.get("PutVerdicts"), [`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/verdicts`]);
    assert.deepEqual(audit.get("UseLedger"), [`arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/app-ledger-table`]);
    assert.equal(audit.has("StopAndRollBack"), false);
    assert.ok(enforce.get("StopAndRollBack")?.includes(`arn:aws:ecs:${REGION}:${ACCOUNT}:task/*`));
  });

  it("has the rule call the function, with the image by digest, and watches every queue in which nothing should be", async () => {
    const slack = { webhookUrl: "https://hooks.slack.example/secret" };

    const result = await run({ notifications: { slack }, sweep: {} });

    assert.equal(
      named(result, "app-detector-target").inputs.arn,
      `arn:aws:lambda:${REGION}:${ACCOUNT}:function:app-verifier-function`,
    );
    assert.match(String(named(result, "app-verifier-function").inputs.imageUri), /^[^:]+@sha256:d{64}$/);
    const queues = result.resources.filter(({ type }) => type === "aws:sqs/queue:Queue").map(({ name }) => name);
    const watched = result.resources.flatMap(({ inputs }) =>
      inputs.namespace === "AWS/SQS" ? Object.values(inputs.dimensions as Record<string, string>) : [],
    );
    // A stop may wait: what rings then is the metric StopBudgetUsedUp. So may an image: what does not end has dead letters.
    assert.deepEqual([...watched, "app-sweep-queue", "app-verifier-postponed"].sort(), queues.sort());
    assert.equal(watched.length, 4);
  });

  it("has the function checked, once for each image and each policy", async () => {
    const result = await run();

    const { functionName, input, triggers } = named(result, "app-check-invocation").inputs;
    const { build } = named(result, "app-image-image").inputs as { build: { args: Record<string, string> } };
    const settings = hashSettings(parseSettings(JSON.parse(build.args.SETTINGS ?? "")));
    assert.deepEqual(
      [functionName, JSON.parse(String(input))],
      ["app-verifier-function", { check: "deployment", settings }],
    );
    assert.deepEqual(triggers, {
      image: named(result, "app-verifier-function").inputs.imageUri,
      permissions: ["app-verifier-reading", "app-verifier-acting"]
        .map((name) => named(result, name).inputs.policy)
        .join("\n"),
    });
  });

  it("uses a signing profile that is there already", async () => {
    const existingArn = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";

    const result = await run({ signingProfile: { existingArn } });

    const { build } = named(result, "app-image-image").inputs as { build: { args: Record<string, string> } };
    assert.match(build.args.TRUST_POLICY ?? "", /444455556666:\/signing-profiles\/release/);
    assert.equal(
      result.resources.some(({ type }) => type.startsWith("aws:signer/")),
      false,
    );
  });

  it("shows in a preview what it trusts, where that is not a profile still to be made", async () => {
    const identity = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";
    const trust = { ...TRUST, statements: [{ name: "release", repositories: ["*"], identities: [identity] }] };

    const result = await run({ trust }, { preview: true });

    const { build } = named(result, "app-image-image").inputs as { build: { args: Record<string, string> } };
    assert.deepEqual(JSON.parse(build.args.TRUST_POLICY ?? "").trustPolicies[0].trustedIdentities, [identity]);
  });

  it("makes nothing when nothing can sign the sample", async () => {
    let made = -1;

    const result = await runProgram(() => {
      assert.throws(
        () =>
          new ImageVerification("app", {
            ...ARGS,
            sampleWorkload: true,
            machine: { DOCKER_HOST: MACHINE.DOCKER_HOST, PATH: "" },
          }),
        /The sample workload cannot be signed on this machine/,
      );
      made = 0;
    });

    assert.deepEqual([made, result.resources], [0, []]);
  });

  it("makes the same in a preview: nothing depends on what is not known yet", async () => {
    const everything: Partial<ImageVerificationArgs> = {
      sampleWorkload: true,
      protect: true,
      sweep: {},
      notifications: {
        email: [{ address: "a@example.com" }],
        slack: { webhookUrl: "https://hooks.slack.example/secret" },
        pagerDuty: { routingKey: "0123456789abcdef0123456789abcdef" },
      },
    };
    const namesOf = async (preview: boolean) =>
      (await run(everything, { preview })).resources.map(({ name }) => name).sort();

    assert.deepEqual(await namesOf(true), await namesOf(false));
  });

  it("gives what a person needs next", async () => {
    const { outputs } = await run({ sampleWorkload: true });

    assert.equal(outputs.registry, REGISTRY);
    assert.equal(outputs.repository, `${REGISTRY}/app-sample-signed-repository`);
    assert.match(String(outputs.logsQuery), /app-verifier-log/);
  });

  it("names every child after its component, each once", async () => {
    const { resources } = await run({ sampleWorkload: true });

    const names = resources.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name !== "app" && !name.startsWith("app-")),
      [],
    );
    const urns = resources.map(({ type, name }) => `${type} ${name}`);
    assert.equal(new Set(urns).size, urns.length);
  });
});
