import assert from "node:assert/strict";
import type { ImageVerificationArgs } from "../../../components/image-verification-args";
import { notationTrustPolicy } from "../../../trust/derive";
import { parseSettings } from "../../../verifier/src/settings";
import { hashSettings } from "../../../verifier/src/settings-hash";
import { SETTINGS_VERSION } from "../../../verifier/src/settings-version";
import { COMPONENTS, componentsOf, PROFILE, run } from "./environment-run";
import { ACCOUNT, REGION, REGISTRY } from "./mock-state";
import { children, named } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

describe("ImageVerification", () => {
  it("is made of its parts, and of no sample unless it is asked for", async () => {
    assert.deepEqual(componentsOf((await run()).resources).toSorted(), [...COMPONENTS].toSorted());
    assert.deepEqual(
      componentsOf((await run({ sampleWorkload: true })).resources).toSorted(),
      [...COMPONENTS, "SampleWorkload"].toSorted(),
    );
  });

  it("has no schedule and no permission for exemptions where there are none", async () => {
    const result = await run({ behaviour: { ...BEHAVIOUR, exemptionHours: 0 } });

    assert.equal(componentsOf(result.resources).includes("OrderWatch"), false);
    assert.doesNotMatch(JSON.stringify(named(result, "app-orders-key-policy").inputs), /"exempt"/);
  });

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
