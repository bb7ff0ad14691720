import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  ConcurrentUpdate,
  createEnvironment,
  type EnvironmentConfiguration,
  type EnvironmentEvent,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
} from "../../automation";
import { inlineEnvironment, LEAST, resourcesOf, settingsOf } from "./support/environments";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import { useScene } from "./support/scene";

const LAMBDA = "aws:lambda/function:Function";

describe("engine: when the automation library meets", function () {
  this.timeout(120_000);
  const aws = faultyAws();
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });
  const inline = (stack: string, changes?: Partial<EnvironmentConfiguration>) =>
    inlineEnvironment(scene(), stack, changes);
  const resources = (stack: string) => resourcesOf(scene(), stack);

  describe("a provider that fails", () => {
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

  describe("an update of the function that fails", () => {
    afterEach(() => aws.refuse(undefined));

    it("is not taken for done: the next one reads first what there is, and so does its preview", async () => {
      const before = await (await inline("behind")).deploy();
      const image = () => scene().applied(LAMBDA, before.outputs.functionName)?.imageUri;
      const old = image();
      const environment = await inline("behind", { mode: "enforce" });
      aws.refuse("operation error Lambda: UpdateFunctionCode, InvalidParameterValueException");
      await assert.rejects(environment.deploy(), OperationFailed);
      assert.equal(image(), old);
      aws.refuse(undefined);
      const events: EnvironmentEvent[] = [];

      const preview = await environment.preview();
      const deployed = await environment.deploy({ onEvent: (event) => events.push(event) });

      for (const { steps } of [preview, deployed]) {
        const updates = steps.flatMap(({ operation, resource }) => (operation === "update" ? [resource.type] : []));
        // The component that asks the function has no counterpart in AWS.
        assert.deepEqual(updates, [LAMBDA, "ecs-image-verification:components:DeploymentCheck"]);
      }
      assert.equal(deployed.outputs.mode, "enforce");
      assert.notEqual(image(), old);
      assert.equal(image(), (await resources("behind")).find(({ type }) => type === LAMBDA)?.outputs?.imageUri);
      assert.ok(
        events.some((event) => event.type === "message" && /last update of behind did not succeed/.test(event.message)),
      );
    });

    it("once it has succeeded, nothing is read first any more", async () => {
      const reads = () =>
        scene()
          .calls()
          .filter(({ method }) => method === "read").length;
      const before = reads();

      await (await inline("behind", { mode: "enforce" })).deploy();

      assert.equal(reads(), before);
    });
  });

  describe("a plugin that is missing", () => {
    for (const [operation, missing] of [
      ["preview", "docker"],
      ["deploy", "aws"],
      ["deploy", "docker"],
    ] as const) {
      it(`${operation} without ${missing}: names the plugin, not what the program hears of it`, async () => {
        const { pulumi, variables } = await settingsOf(scene());
        const others = variables.PULUMI_DEBUG_PROVIDERS?.split(",").filter((one) => !one.startsWith(`${missing}:`));
        const environment = await createEnvironment({
          ...{ stack: `without-${missing}-${operation}`, region: "eu-west-1", configuration: LEAST, pulumi },
          variables: { ...variables, PULUMI_DEBUG_PROVIDERS: others?.join() ?? "" },
        });

        await assert.rejects(environment[operation](), (error) => {
          assert.ok(error instanceof OperationFailed);
          assert.match(error.message, new RegExp(`no resource plugin 'pulumi-resource-${missing}' found`));
          assert.doesNotMatch(error.message, /terminating/);
          return true;
        });
      });
    }
  });

  describe("another update", () => {
    it("the second update of one environment: ConcurrentUpdate, and the first is not disturbed", async () => {
      const environment = await inline("contended");
      const held = aws.hold();
      const first = environment.deploy();
      await held.reached;

      await assert.rejects(environment.deploy(), (error) => {
        assert.ok(error instanceof ConcurrentUpdate);
        assert.match(error.message, /pulumi cancel --stack organization\/ecs-image-verification\/contended$/);
        return true;
      });

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

  describe("a signal to cancel", () => {
    it("asks the providers to stop, begins nothing new, leaves no lock, and the next update goes on", async () => {
      const environment = await inline("cancelled");
      const controller = new AbortController();
      const held = aws.hold();
      const update = environment.deploy({ signal: controller.signal });
      await held.reached;

      controller.abort();

      await assert.rejects(update, OperationCancelled);
      const made = (await resources("cancelled")).map(({ type }) => type);
      assert.ok(!made.includes("aws:lambda/function:Function"), "what was under way was not waited for");
      assert.ok(!made.includes("aws:cloudwatch/eventTarget:EventTarget"), "nothing new was begun");
      const { changes } = await environment.deploy();
      assert.ok((changes.same ?? 0) >= made.length);
    });
  });

  describe("a policy pack", () => {
    const pack = resolve(__dirname, "../../policy");

    it("a violation of a mandatory policy: PolicyViolation, and nothing is made", async () => {
      const environment = await inline("policed", {
        trust: {
          ...LEAST.trust,
          statements: [
            {
              name: "release",
              repositories: ["*"],
              identities: ["arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release"],
            },
          ],
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
});
