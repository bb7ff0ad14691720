import assert from "node:assert/strict";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import {
  ConfigurationInvalid,
  createEnvironment,
  type Environment,
  type EnvironmentConfiguration,
  type EnvironmentEvent,
  EnvironmentNotFound,
  OperationFailed,
} from "../../automation";
import { inlineEnvironment, LEAST, resourcesOf, settingsOf } from "./support/environments";
import { program } from "./support/program";
import { useScene } from "./support/scene";

const WEBHOOK = "https://hooks.slack.com/services/T000/B000/not-for-anybody";

describe("engine: environments by the automation library", function () {
  this.timeout(120_000);
  const scene = useScene(program);

  const inline = (stack: string, changes?: Partial<EnvironmentConfiguration>) =>
    inlineEnvironment(scene(), stack, changes);
  const ofFolder = async (stack: string) =>
    createEnvironment({ stack, folder: scene().project.folder, ...(await settingsOf(scene())) });
  const resources = (stack: string) => resourcesOf(scene(), stack);

  const environments: readonly (readonly [
    name: string,
    stacks: readonly [string, string],
    make: (stack: string) => Promise<Environment>,
  ])[] = [
    ["of the project folder", ["dev", "prod"], ofFolder],
    [
      "inline",
      ["team-a", "team-b"],
      (stack) =>
        inline(stack, {
          mode: stack === "team-b" ? "enforce" : "audit",
          protect: stack === "team-b",
          forceDelete: true,
        }),
    ],
  ];
  before(() => scene().project.configure("prod", (old) => ({ ...old, "ecs-image-verification:forceDelete": true })));
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

  for (const [name, make] of [
    ["of the project folder", ofFolder],
    ["inline", inline],
  ] as const) {
    it(`${name}, with the full name of its stack: is found, and its name is the last part`, async () => {
      const short = name === "inline" ? "full-inline" : "full";
      const stack = `organization/ecs-image-verification/${short}`;
      await scene().project.configure(short, () => developing);
      const environment = await make(stack);

      const { outputs } = await environment.deploy();

      assert.deepEqual([environment.stack, outputs.environment], [stack, short]);
      const { state, lastUpdate } = await environment.status();
      assert.deepEqual([state, lastUpdate?.result], ["deployed", "succeeded"]);
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
      const { pulumi, variables } = await settingsOf(scene());
      const lines: unknown[] = [];
      const events: EnvironmentEvent[] = [];
      const environment = await createEnvironment({
        stack: "secretive",
        region: "eu-west-1",
        configuration: { ...LEAST, slackWebhookUrl: WEBHOOK, notifications: { slack: {} } },
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

  describe("the end", () => {
    it("destroyed and removed, an environment is gone, and its file is not", async () => {
      const environment = await ofFolder("dev");

      const { changes } = await environment.destroy({ remove: true });

      assert.deepEqual(Object.keys(changes), ["delete"]);
      assert.deepEqual(await environment.status(), { state: "absent", resources: 0 });
      await assert.rejects(environment.outputs(), EnvironmentNotFound);
      assert.equal((await ofFolder("dev")).stack, "dev");
    });

    it("what is protected is destroyed on demand, with the images in its repositories", async () => {
      const environment = await inline("team-b", { mode: "enforce", protect: true });

      await environment.destroy({ unprotect: true });

      assert.equal((await environment.status()).state, "empty");
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

const developing = {
  "aws:region": "eu-west-1",
  "ecs-image-verification:mode": LEAST.mode,
  "ecs-image-verification:trust": LEAST.trust,
};
