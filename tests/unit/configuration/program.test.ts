import assert from "node:assert/strict";
import { ConfigurationError } from "../../../configuration/problem";

import program = require("../../../index");

import type { TrustDocument } from "../../../trust";
import { MACHINE } from "../components/machine";
import { named, type ProgramRun, type RunOptions, runProgram } from "../components/run-program";
import { stackFileConfig } from "./stack-files";
import { LEAST } from "./support";

const REFERENCE = "pulumi:pulumi:StackReference";

/** Neither Docker nor what signs the sample need be on the machine that tests. */
async function onMachine<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = { ...process.env };
  Object.assign(process.env, MACHINE);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(MACHINE)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

const deploy = (options: RunOptions) => onMachine(() => runProgram(program, options));

const namesOf = ({ resources }: ProgramRun) => resources.map(({ name }) => name).sort();

const typesOf = ({ resources }: ProgramRun) => new Set(resources.map(({ type }) => type));

function config(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const entries = Object.entries({ ...LEAST, ...changes }).map(([key, value]): [string, string] => [
    `ecs-image-verification:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries([["aws:region", "eu-west-1"], ...entries]);
}

const trusting = (...identities: string[]) => ({
  trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities }] },
});

describe("the Pulumi program", function () {
  this.timeout(120_000);

  let dev: ProgramRun;

  // Each deployment bundles the verifier's code.
  before(async () => {
    dev = await deploy({ stack: "dev", config: stackFileConfig("dev") });
  });

  it("gives the environment's own runbook to the functions, without another image", async () => {
    const runbookUrl = "https://wiki.example.com/runbook";
    const imageOf = (run: ProgramRun) => String(named(run, "image-verification-image-image").inputs.imageName);

    const plain = await deploy({ stack: "dev", config: config() });
    const own = await deploy({ stack: "dev", config: config({ runbookUrl }) });

    assert.match(
      JSON.stringify(named(own, "image-verification-verifier-function").inputs),
      /wiki\.example\.com\/runbook/,
    );
    assert.deepEqual([own.outputs.runbookUrl, "runbookUrl" in plain.outputs], [runbookUrl, false]);
    assert.match(imageOf(plain), /:\S+$/);
    assert.equal(imageOf(own), imageOf(plain));
  });

  it("deploys the development environment: it audits, has a sample, and can be removed", () => {
    assert.ok(typesOf(dev).has("ecs-image-verification:components:SampleWorkload"));
    assert.equal(named(dev, "image-verification-verifier-log").inputs.retentionInDays, 7);
    assert.equal(named(dev, "image-verification-image-repository").inputs.forceDelete, true);
    assert.doesNotMatch(String(named(dev, "image-verification-verifier-acting").inputs.policy), /ecs:StopTask/);
    assert.deepEqual(Object.keys(dev.outputs).sort(), [
      "account",
      "dashboard",
      "deadLetterQueue",
      "environment",
      "exemptionHours",
      "failureQueue",
      "functionName",
      "howToBlock",
      "howToRevoke",
      "howToRunTheSample",
      "howToSign",
      "ledgerTable",
      "logGroup",
      "logsQuery",
      "mode",
      "ordersKeyArn",
      "ordersTable",
      "region",
      "registry",
      "signedImage",
      "signedImagesRepository",
      "signedTaskDefinitionArn",
      "signingProfileArn",
      "signingProfileVersionArn",
      "sweepDeadLetterQueue",
      "sweepFunctionName",
      "sweepLogGroup",
      "sweepQueue",
      "sweepWorkerFunctionName",
      "trustDocument",
      "unconfirmedRecipients",
      "unsignedTaskDefinitionArn",
    ]);
  });

  it("deploys the production environment: it enforces, is protected, keeps its log for a year, has no sample", async () => {
    const result = await deploy({ stack: "prod", config: stackFileConfig("prod") });

    assert.equal(typesOf(result).has("ecs-image-verification:components:SampleWorkload"), false);
    assert.equal(named(result, "image-verification-verifier-log").inputs.retentionInDays, 365);
    assert.equal(named(result, "image-verification-image-repository").inputs.forceDelete, false);
    assert.equal(named(result, "image-verification-ledger-table").inputs.deletionProtectionEnabled, true);
    assert.match(String(named(result, "image-verification-verifier-acting").inputs.policy), /ecs:StopTask/);
    const email = result.resources.find(({ name }) => name.startsWith("image-verification-notifications-email-"));
    assert.equal(email?.inputs.protocol, "email");
    assert.equal(named(result, "image-verification-orders-table").inputs.deletionProtectionEnabled, true);
    assert.doesNotMatch(String(named(result, "image-verification-orders-key-policy").inputs.policy), /"exempt"/);
    assert.equal(result.outputs.exemptionHours, 0);
    assert.match(String(result.outputs.howToUnprotect), /pulumi config set protect false/);
  });

  it("rings when somebody else changes the environment, or signs: the deployment signs only the sample", async () => {
    const [deploymentRole, signingRole] = ["deploy", "build"].map((name) => `arn:aws:iam::111122223333:role/${name}`);
    const changeAlarms = { deploymentRole, signingRole };
    const signers = ({ resources }: ProgramRun) =>
      JSON.stringify(named({ resources }, "image-verification-changes-rule-signing").inputs);

    const plain = await deploy({ stack: "staging", config: config({ changeAlarms }) });
    const sample = await deploy({ stack: "staging", config: config({ changeAlarms, sampleWorkload: true }) });

    assert.match(signers(plain), /"anything-but\\":\[\\"arn:aws:iam::111122223333:role\/build\\"\]/);
    assert.match(signers(sample), /role\/build\\",\\"arn:aws:iam::111122223333:role\/deploy/);
    assert.equal(typesOf(dev).has("ecs-image-verification:components:ChangeAlarms"), false);
  });

  it("deploys a gate where the configuration has one, and tells what services and commands need of it", async () => {
    const gate = { enforce: { clusters: ["arn:aws:ecs:eu-west-1:111122223333:cluster/web"] }, open: { maxHours: 4 } };

    const result = await deploy({ stack: "staging", config: config({ environment: "eu", gate }) });

    const known = Object.entries(result.outputs).filter(([key]) => key.startsWith("gate"));
    assert.deepEqual(Object.fromEntries(known), {
      gateTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-eu:live",
      gateInvokerRoleArn: "arn:aws:iam::111122223333:role/ecs-image-verification-gate-invoker-eu-west-1-eu",
      gateMode: "audit",
      gateEnforce: gate.enforce.clusters,
      gateFunctionName: "ecs-image-verification-gate-eu",
      gateLogGroup: "image-verification-gate-function-log",
      gateOpenHours: 4,
    });
    assert.match(String(named(result, "image-verification-orders-key-policy").inputs.policy), /"open"/);
    assert.doesNotMatch(String(named(dev, "image-verification-orders-key-policy").inputs.policy), /"open"/);
  });

  it("deploys a sweep where the configuration has one, and tells what there is to look at", async () => {
    const swept = await deploy({ stack: "staging", config: config({ environment: "eu", sweep: { everyHours: 12 } }) });
    const without = await deploy({ stack: "staging", config: config({ environment: "eu" }) });

    const known = ({ outputs }: typeof swept) => Object.entries(outputs).filter(([key]) => key.startsWith("sweep"));
    assert.deepEqual(Object.fromEntries(known(swept)), {
      sweepFunctionName: "ecs-image-verification-sweep-eu",
      sweepWorkerFunctionName: "image-verification-sweep-worker-function",
      sweepLogGroup: "image-verification-sweep-log",
      sweepQueue: "image-verification-sweep-queue",
      sweepDeadLetterQueue: "image-verification-sweep-dead-letters",
    });
    assert.equal(named(swept, "image-verification-sweep-schedule").inputs.scheduleExpression, "rate(12 hours)");
    assert.deepEqual(known(without), []);
    assert.equal(typesOf(without).has("ecs-image-verification:components:Sweep"), false);
  });

  it("tells of a canary what tells its verdicts from others, as the verifier knows it", async () => {
    const canary = { subnets: ["subnet-0123456789abcdef0"] };

    const result = await deploy({ stack: "staging", config: config({ sampleWorkload: true, canary }) });

    const { canaryCluster, canaryTaskDefinition, canaryDigest } = result.outputs;
    const verifier = JSON.stringify(named(result, "image-verification-verifier-function").inputs.environment);
    assert.match(String(canaryCluster), /^arn:aws:ecs:eu-west-1:111122223333:cluster\/ecs-image-verification-canary-/);
    assert.match(String(canaryDigest), /^sha256:[0-9a-f]{64}$/);
    assert.ok(verifier.includes(`"CANARY_CLUSTER":"${canaryCluster}"`), verifier);
    assert.ok(verifier.includes(`"CANARY_TASK_DEFINITION":"${canaryTaskDefinition}"`), verifier);
    assert.ok(verifier.includes(`"CANARY_DIGEST":"${canaryDigest}"`), verifier);
    assert.equal("canaryCluster" in dev.outputs, false);
  });

  it("makes the same in a preview", async () => {
    const preview = await deploy({ stack: "dev", config: stackFileConfig("dev"), preview: true });

    assert.deepEqual(namesOf(preview), namesOf(dev));
  });

  it("needs nothing but a third file for a third environment", async () => {
    const result = await deploy({ stack: "staging", config: config() });

    const { build } = named(result, "image-verification-image-image").inputs as {
      build: { args: { SETTINGS: string } };
    };
    assert.equal(JSON.parse(build.args.SETTINGS).environment, "staging");
  });

  describe("an identity that is another stack's signing profile", () => {
    const theirs = "arn:aws:signer:eu-central-1:444455556666:/signing-profiles/shared";
    const states = (outputs: object) => ({ [REFERENCE]: { outputs, secretOutputNames: [] } });

    it("is read from that stack", async () => {
      const result = await deploy({
        config: config(trusting("self", "stack:signing", "stack:acme/platform/signing")),
        states: states({ signingProfileArn: theirs }),
      });

      const references = result.resources.filter(({ type }) => type === REFERENCE);
      assert.deepEqual(references.map(({ inputs }) => inputs.name).sort(), [
        "acme/ecs-image-verification/signing",
        "acme/platform/signing",
      ]);
      const { build } = named(result, "image-verification-image-image").inputs as {
        build: { args: { TRUST_POLICY: string } };
      };
      assert.deepEqual(JSON.parse(build.args.TRUST_POLICY).trustPolicies[0].trustedIdentities, [
        "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/image_verification_signing_profile",
        theirs,
      ]);
      // As in the file, but for what only the deployment knows: whoever has the outputs can judge as this environment does.
      const { statements } = result.outputs.trustDocument as TrustDocument;
      assert.deepEqual(statements[0]?.identities, ["self", theirs, theirs]);
    });

    it("is an error before anything is made, when that stack has none", async () => {
      await assert.rejects(
        deploy({ config: config(trusting("stack:signing")), states: states({ other: "output" }) }),
        (error) =>
          error instanceof ConfigurationError &&
          error.problems[0]?.key === "ecs-image-verification:trust.statements[0].identities[0]" &&
          error.message.includes(
            '"stack:signing" stands for the signing profile of the stack acme/ecs-image-verification/signing',
          ) &&
          error.message.includes("Deploy that stack first"),
      );
    });

    it("is an error with its key, when it is of another partition", async () => {
      const foreign = "arn:aws-us-gov:signer:us-gov-west-1:444455556666:/signing-profiles/shared";

      await assert.rejects(
        deploy({ config: config(trusting("stack:signing")), states: states({ signingProfileArn: foreign }) }),
        /ecs-image-verification:trust\.statements\[0\]\.identities\[0\]: .* is in the partition aws-us-gov/,
      );
    });
  });

  it("makes nothing of a configuration that cannot be used", async () => {
    const made: string[] = [];
    const wrong = config({ mode: "enfroce", stopBudget: "many", pagerDutyRoutingKey: "not-a-key" });

    await assert.rejects(
      runProgram(
        async () => {
          await program();
          made.push("everything");
        },
        { config: wrong },
      ),
      (error) => error instanceof ConfigurationError && error.problems.length === 4,
    );
    assert.deepEqual(made, []);
  });

  it("warns of a secret for a chat that is told nothing, and does not show it", async () => {
    const { warnings } = await deploy({
      config: config({ slackWebhookUrl: "https://hooks.slack.example/services/very-secret" }),
      secretKeys: ["ecs-image-verification:slackWebhookUrl"],
    });

    assert.match(
      warnings.join("\n"),
      /:slackWebhookUrl: it is not used: without notifications\.slack, Slack gets no messages/,
    );
    assert.doesNotMatch(warnings.join("\n"), /very-secret/);
  });

  it("takes secrets as Pulumi has them, and keeps them out of the plain state", async () => {
    const webhook = "https://hooks.slack.example/services/very-secret";
    const secretKeys = ["ecs-image-verification:slackWebhookUrl"];

    const result = await deploy({
      config: config({ notifications: { slack: {} }, slackWebhookUrl: webhook }),
      secretKeys,
    });

    const destination = named(result, "image-verification-notifications-slack-destination");
    assert.equal(destination.inputs.invocationEndpoint, webhook);
    assert.deepEqual(destination.secrets, ["invocationEndpoint"]);
    const { secrets } = named(result, "image-verification");
    // Pulumi takes a mapping with a secret in it for one.
    assert.ok(
      secrets.some((path) => "notifications.slack.webhookUrl".startsWith(path)),
      secrets.join(),
    );
  });
});
