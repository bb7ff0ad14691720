import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  createEnvironment,
  type Environment,
  type EnvironmentConfiguration,
  type EnvironmentEvent,
  EnvironmentNotFound,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
} from "../../automation";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import { useScene } from "./support/scene";

const WEBHOOK = "https://hooks.slack.com/services/T000/B000/not-for-anybody";
const identity = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";

const configuration: EnvironmentConfiguration = {
  mode: "audit",
  trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities: ["self"] }] },
};

describe("engine: environments by the automation library", function () {
  this.timeout(120_000);
  const aws = faultyAws();
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });

  const common = async () => ({
    pulumi: await PulumiCommand.get({ root: scene().engine.root }),
    variables: scene().engine.variables,
  });
  const ofFolder = async (stack: string) =>
    createEnvironment({ stack, folder: scene().project.folder, ...(await common()) });
  const inline = async (stack: string, changes: Partial<EnvironmentConfiguration> = {}) =>
    createEnvironment({
      stack,
      region: "eu-central-1",
      configuration: { ...configuration, ...changes },
      tags: { team: "platform" },
      ...(await common()),
    });
  const resources = async (stack: string) =>
    (await scene().state(stack)).filter(({ type }) => !type.startsWith("pulumi:"));

  const environments: readonly (readonly [
    name: string,
    stacks: readonly [string, string],
    make: (stack: string) => Promise<Environment>,
  ])[] = [
    ["of the project folder", ["dev", "prod"], ofFolder],
    [
      "inline",
      ["team-a", "team-b"],
      (stack) => inline(stack, { mode: stack === "team-b" ? "enforce" : "audit", protect: stack === "team-b" }),
    ],
  ];
  for (const [name, [first, second], make] of environments) {
    describe(`two environments ${name}`, () => {
      it("a preview says what a deployment would do, and does nothing", async () => {
        const environment = await make(first);

        const { changes, steps, violations } = await environment.preview();

        assert.equal(steps.length, changes.create);
        assert.ok(steps.every(({ operation }) => operation === "create"));
        assert.ok(steps.some(({ resource }) => resource.type === "aws:lambda/function:Function"));
        assert.deepEqual([violations, (await environment.status()).state], [[], "empty"]);
      });

      it("are created, and compared by their outputs", async () => {
        const [one, two] = [await make(first), await make(second)];

        const deployed = [await one.deploy(), await two.deploy()];

        assert.deepEqual(
          deployed.map(({ outputs: { environment, mode } }) => [environment, mode]),
          [
            [first, "audit"],
            [second, "enforce"],
          ],
        );
        assert.deepEqual(await two.outputs(), deployed[1]?.outputs);
        assert.notEqual(deployed[0]?.outputs.functionName, deployed[1]?.outputs.functionName);
      });

      it("deployed again, nothing changes", async () => {
        const { changes, steps } = await (await make(first)).deploy();

        assert.deepEqual([Object.keys(changes), steps], [["same"], []]);
      });

      it("say what they are", async () => {
        const { state, resources, lastUpdate } = await (await make(second)).status();

        assert.equal(state, "deployed");
        assert.ok(resources > 30);
        assert.deepEqual([lastUpdate?.kind, lastUpdate?.result], ["update", "succeeded"]);
        assert.ok(lastUpdate && lastUpdate.start <= lastUpdate.end);
      });

      it("what is protected is not destroyed, and is named", async () => {
        const environment = await make(second);

        await assert.rejects(environment.destroy(), (error) => {
          assert.ok(error instanceof OperationFailed);
          assert.match(error.message, /image-verification-ledger-table.*protected/s);
          return true;
        });
      });
    });
  }

  describe("of the project folder", () => {
    it("a change of its file is a change of the environment", async () => {
      await scene().project.configure("dev", (before) => ({ ...before, "ecs-image-verification:mode": "enforce" }));

      const { steps, outputs } = await (await ofFolder("dev")).deploy();

      assert.equal(outputs.mode, "enforce");
      assert.ok(steps.some(({ operation, resource }) => operation === "update" && resource.name.endsWith("-function")));
    });

    it("a mistake in its file: ConfigurationInvalid with the key, and nothing is made", async () => {
      await scene().project.configure("broken", () => ({
        "aws:region": "eu-west-1",
        "ecs-image-verification:mode": "block",
      }));
      const environment = await ofFolder("broken");

      await assert.rejects(environment.deploy(), (error) => {
        assert.ok(error instanceof ConfigurationInvalid);
        assert.match(
          error.message,
          /stack broken has 2 problems[\s\S]*:mode: "block" must be[\s\S]*:trust: .*is required/,
        );
        return true;
      });
      assert.deepEqual(await resources("broken"), []);
    });
  });

  describe("inline", () => {
    it("a mistake in the settings: ConfigurationInvalid with each problem", async () => {
      const environment = await inline("broken-inline", { ledgerDays: 0, mode: "block" as "audit" });

      await assert.rejects(environment.preview(), (error) => {
        assert.ok(error instanceof ConfigurationInvalid);
        assert.deepEqual(error.problems.map(({ key }) => key).sort(), [
          "ecs-image-verification:ledgerDays",
          "ecs-image-verification:mode",
        ]);
        return true;
      });
    });

    it("is in the region and has the tags of the settings", async () => {
      const { outputs } = await (await inline("team-a")).deploy();

      assert.deepEqual(
        [outputs.region, outputs.registry],
        ["eu-central-1", "111122223333.dkr.ecr.eu-central-1.amazonaws.com"],
      );
      const providers = (await scene().state("team-a")).filter(({ type }) => type === "pulumi:providers:aws");
      assert.match(JSON.stringify(providers), /platform/);
    });

    it("a secret is on no command line, in no event and in plain text in no state", async () => {
      const { pulumi, variables } = await common();
      const lines: unknown[] = [];
      const events: EnvironmentEvent[] = [];
      const environment = await createEnvironment({
        stack: "secretive",
        region: "eu-west-1",
        configuration: { ...configuration, slackWebhookUrl: WEBHOOK, notifications: { slack: {} } },
        variables,
        pulumi: recorded(pulumi, lines),
      });

      await environment.deploy({ onEvent: (event) => events.push(event) });

      assert.ok(lines.some((line) => JSON.stringify(line).includes('"up"')) && events.length > 30);
      const state = JSON.stringify(await scene().state("secretive"));
      for (const text of [JSON.stringify(lines), JSON.stringify(events), state]) {
        assert.doesNotMatch(text, /not-for-anybody/);
      }
      assert.match(state, /ciphertext/);
    });
  });

  describe("progress", () => {
    it("each resource begins and is done", async () => {
      const events: EnvironmentEvent[] = [];

      await (await inline("progress")).deploy({ onEvent: (event) => events.push(event) });

      const phases = new Map<string, string[]>();
      for (const event of events) {
        if (event.type !== "resource") continue;
        phases.set(event.resource.urn, [...(phases.get(event.resource.urn) ?? []), event.phase]);
      }
      const custom = [...phases].filter(([urn]) => /\$aws:[^$]*$/.test(urn));
      assert.ok(custom.length > 20);
      assert.deepEqual([...new Set(custom.map(([, seen]) => seen.join()))], ["started,done"]);
      assert.equal(events.at(-1)?.type, "summary");
    });
  });

  describe("an update that fails", () => {
    afterEach(() => aws.refuse(undefined));

    it("says at which resource and why, and the next one goes on where it stopped", async () => {
      const environment = await inline("failing");
      aws.refuse("AccessDeniedException: not authorized to perform lambda:CreateFunction");

      await assert.rejects(environment.deploy(), (error) => {
        assert.ok(error instanceof OperationFailed);
        const [failure] = error.failures;
        assert.equal(failure?.resource?.name, "image-verification-verifier-function");
        assert.match(failure?.message ?? "", /not authorized to perform lambda:CreateFunction/);
        return true;
      });
      const before = (await resources("failing")).length;
      assert.ok(before > 0);
      assert.equal((await environment.status()).lastUpdate?.result, "failed");
      aws.refuse(undefined);

      const { changes } = await environment.deploy();

      assert.ok((changes.same ?? 0) >= before, `${JSON.stringify(changes)} after ${before}`);
      assert.deepEqual(Object.keys((await environment.deploy()).changes), ["same"]);
    });
  });

  describe("two at a time", () => {
    it("the second update of one environment: ConcurrentUpdate, and the first is not disturbed", async () => {
      const environment = await inline("contended");
      const held = aws.hold();
      const first = environment.deploy();
      await held.reached;

      await assert.rejects(environment.deploy(), ConcurrentUpdate);

      held.release();
      assert.ok(((await first).changes.create ?? 0) > 30);
    });

    it("updates of two environments go side by side", async () => {
      const [one, two] = [await inline("beside-a"), await inline("beside-b", { mode: "enforce" })];

      const deployed = await Promise.all([one.deploy(), two.deploy()]);

      assert.deepEqual(
        deployed.map(({ outputs: { environment, mode } }) => [environment, mode]),
        [
          ["beside-a", "audit"],
          ["beside-b", "enforce"],
        ],
      );
    });
  });

  describe("cancellation", () => {
    it("ends what has begun, begins nothing new, leaves no lock, and the next update goes on", async () => {
      const environment = await inline("cancelled");
      const controller = new AbortController();
      const held = aws.hold();
      const update = environment.deploy({ signal: controller.signal });
      await held.reached;

      controller.abort();
      held.release();

      await assert.rejects(update, OperationCancelled);
      const made = (await resources("cancelled")).map(({ type }) => type);
      assert.ok(made.includes("aws:lambda/function:Function"), "what had begun was finished");
      assert.ok(!made.includes("aws:cloudwatch/eventTarget:EventTarget"), "nothing new was begun");
      const { changes } = await environment.deploy();
      assert.ok((changes.same ?? 0) >= made.length);
    });
  });

  describe("with the policy pack", () => {
    const pack = resolve(__dirname, "../../policy");

    it("a violation of a mandatory policy: PolicyViolation, and nothing is made", async () => {
      const environment = await inline("policed", {
        trust: {
          ...configuration.trust,
          statements: [{ name: "release", repositories: ["*"], identities: [identity] }],
        },
      });
      const file = join(scene().project.folder, "policy-strict.json");
      const listed = { environment: "policed", environments: [{ name: "policed", accounts: ["111122223333"] }] };
      const off = { "verifier-resources": "disabled", "trusted-registries": "disabled" };
      await writeFile(
        file,
        JSON.stringify({ ...off, "trusted-identities": { enforcementLevel: "mandatory", ...listed } }),
      );

      await assert.rejects(environment.deploy({ policy: { pack, configuration: file } }), (error) => {
        assert.ok(error instanceof PolicyViolation);
        assert.deepEqual(
          error.violations.map(({ policy, level, resource }) => [policy, level, resource?.name]),
          [["trusted-identities", "mandatory", "image-verification"]],
        );
        assert.match(error.message, /444455556666/);
        return true;
      });
      assert.deepEqual(
        (await resources("policed")).filter(({ type }) => type.startsWith("aws:")),
        [],
      );
    });
  });

  describe("the end", () => {
    it("destroyed and removed, an environment is gone, and its file is not", async () => {
      const environment = await ofFolder("dev");

      const { changes } = await environment.destroy({ remove: true });

      assert.deepEqual(Object.keys(changes), ["delete"]);
      assert.deepEqual(await environment.status(), { state: "absent", resources: 0 });
      await assert.rejects(environment.outputs(), EnvironmentNotFound);
      assert.equal((await ofFolder("dev")).stack, "dev");
    });

    it("what was protected is destroyed once the protection is off", async () => {
      const unprotected = await inline("team-b", { mode: "enforce", protect: false });
      await unprotected.deploy();

      await unprotected.destroy();

      assert.equal((await unprotected.status()).state, "empty");
    });
  });
});

/** A CLI that notes how it is called. */
function recorded(pulumi: PulumiCommand, lines: unknown[]): PulumiCommand {
  return new Proxy(pulumi, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "run" || typeof value !== "function") return value;
      return (...call: unknown[]) => {
        lines.push(call.slice(0, 3));
        return value.apply(target, call);
      };
    },
  });
}
