import assert from "node:assert/strict";
import { join } from "node:path";
import { parseEnvironmentOutputs } from "../../automation/environments/outputs";
import { ACCOUNT } from "./support/aws-provider";
import { gatedServices } from "./support/gated-services";
import { judgedBy } from "./support/policy-runs";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const FUNCTION = "aws:lambda/function:Function";
const GATED = ["plain", "hooked", "fargate"] as const;

describe("engine: the deployment gate", function () {
  this.timeout(120_000);
  const services = gatedServices();
  const scene = useScene({
    project: join(__dirname, "fixtures/gate"),
    projectName: "gated",
    packages: [services.provided],
  });

  const configure = (stack: string, settings: Configuration) =>
    scene().project.configure(stack, (old) => ({
      ...old,
      "aws:region": "eu-west-1",
      ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`gated:${key}`, value])),
    }));
  const up = async (stack: string, settings: Configuration = {}) => {
    await configure(stack, settings);
    const run = await scene().run("up", stack);
    assert.deepEqual([run.code, run.errors], [0, []], run.stdout + run.stderr);
    return stepsOf(run.steps);
  };
  const target = (environment: string) =>
    `arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-${environment}:live`;
  const gateHook = (environment: string, mode: "audit" | "enforce") => ({
    hookTargetArn: target(environment),
    roleArn: `arn:aws:iam::111122223333:role/ecs-image-verification-gate-invoker-eu-west-1-${environment}`,
    lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP"],
    ...(mode === "audit" ? { timeoutConfiguration: { timeoutInMinutes: "15", action: "CONTINUE" } } : {}),
  });
  const gateOf = (environment: string) =>
    scene().applied(FUNCTION, `ecs-image-verification-gate-${environment}`)?.environment as
      | { readonly variables: Readonly<Record<string, string>> }
      | undefined;

  describe("of another stack", () => {
    it("is on three services by one line, those of awsx as well, from their creation on", async () => {
      await up("platform");

      await up("shop", { platform: "platform", services: "line" });

      for (const name of GATED) {
        assert.deepEqual(services.hooksOf(name)?.at(-1), gateHook("platform", "audit"), name);
      }
      assert.deepEqual(services.hooksOf("external"), []);
    });

    it("leaves the hooks that a service has as they are", () => {
      const [pause, smokeTest, gate, ...others] = services.hooksOf("hooked") ?? [];

      assert.deepEqual(pause?.timeoutConfiguration, { timeoutInMinutes: "60", action: "ROLLBACK" });
      assert.equal(smokeTest?.hookDetails, '{"url":"https://test.example.com"}');
      assert.equal(gate?.hookTargetArn, target("platform"));
      assert.deepEqual(others, []);
    });

    it("changes nothing in a second update", async () => {
      assert.deepEqual(await up("platform"), []);
      assert.deepEqual(await up("shop"), []);
    });

    it("from audit to enforce changes the functions' variable and the hooks' timeout, and replaces nothing that hooks need", async () => {
      const platform = await up("platform", { mode: "enforce" });
      const shop = await up("shop");

      // The new version is asked before the alias moves to it; a call that was made is not changed, but made again.
      const again = ["create-replacement", "delete-replaced", "replace"].map(
        (op) => `${op} Invocation gate-check-invocation`,
      );
      assert.deepEqual(platform, [
        ...again,
        "update Alias gate-alias",
        "update Function gate-function-function",
        "update Function gate-keeper-function",
      ]);
      assert.deepEqual(
        shop,
        ["fargate", "hooked", "plain"].map((name) => `update Service ${name}`),
      );
      assert.equal(gateOf("platform")?.variables.GATE_MODE, "enforce");
      for (const name of GATED) {
        assert.deepEqual(services.hooksOf(name)?.at(-1), gateHook("platform", "enforce"), name);
      }
    });

    it("cannot be replaced by one with other names while services have its hook", async () => {
      await configure("platform", { environment: "renamed" });

      const { code, errors } = await scene().run("up", "platform");

      assert.notEqual(code, 0);
      assert.match(errors.join("\n"), /Still gated: .*plain.*gate detach --all/);
      assert.ok(gateOf("platform"), "the old function is there");
      assert.ok(scene().applied("aws:lambda/alias:Alias", "ecs-image-verification-gate-platform:live"));
    });

    it("cannot be removed while services have its hook, and keeps all that the hook needs", async () => {
      await configure("platform", { environment: "platform" });

      const { code, errors } = await scene().run("destroy", "platform");

      assert.notEqual(code, 0);
      assert.match(errors.join("\n"), /Still gated: .*plain.*gate detach --all/);
      assert.ok(gateOf("platform"), "the function is there");
      assert.ok(scene().applied("aws:lambda/alias:Alias", "ecs-image-verification-gate-platform:live"));
      assert.ok(scene().applied("aws:iam/role:Role", "ecs-image-verification-gate-invoker-eu-west-1-platform"));
      const left = (await scene().state("platform")).map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
      for (const name of [
        "gate-invoker-policy",
        "gate-heartbeat-target",
        "gate-function-acting",
        "gate-keeper-function",
      ]) {
        assert.ok(left.includes(name), name);
      }
    });

    it("stays on a service whose program leaves the line out: only the ECS API takes a hook away", async () => {
      await up("shop", { services: "ungated" });

      assert.deepEqual(services.hooksOf("plain"), [gateHook("platform", "enforce")]);
    });

    it("is removed once it is detached", async () => {
      services.detach(target("platform"));

      const { code, errors } = await scene().run("destroy", "platform");

      assert.deepEqual([code, errors], [0, []]);
      assert.deepEqual(
        (await scene().state("platform")).filter(({ type }) => !type.startsWith("pulumi:")),
        [],
      );
      assert.equal(gateOf("platform"), undefined);
    });
  });

  describe("of the same program, given to each service", () => {
    it("is removed after the services that have its hook", async () => {
      await up("whole", { services: "each" });
      for (const name of GATED) assert.equal(services.hooksOf(name)?.at(-1)?.hookTargetArn, target("whole"), name);

      const { code, errors } = await scene().run("destroy", "whole");

      assert.deepEqual([code, errors], [0, []]);
    });
  });

  describe("that is protected", () => {
    it("cannot be replaced or removed, whatever the services have", async () => {
      await up("guarded", { protect: true });
      await configure("guarded", { environment: "renamed" });

      const replaced = await scene().run("up", "guarded");
      const destroyed = await scene().run("destroy", "guarded");

      for (const { code, errors } of [replaced, destroyed]) {
        assert.notEqual(code, 0);
        assert.match(errors.join("\n"), /protect/);
      }
      assert.ok(gateOf("guarded"));
    });
  });
});

describe("engine: an environment with a gate", function () {
  this.timeout(120_000);
  const scene = useScene(program);
  const up = async (gate: object) => {
    const settings = { "aws:allowedAccountIds": [ACCOUNT], "ecs-image-verification:gate": gate };
    await scene().project.configure("dev", (old) => ({ ...old, ...settings }));
    const run = await scene().run("up", "dev");
    assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
    return run;
  };

  it("is made with the other parts, and a second update changes nothing", async () => {
    await up({ attach: "all" });

    assert.deepEqual(stepsOf((await up({ attach: "all" })).steps), []);
  });

  it("tells commands and other programs of its gate", async () => {
    const { stdout } = await scene().pulumi("stack", "output", "--json", "--stack", "dev");

    const parsed = parseEnvironmentOutputs(JSON.parse(stdout));
    assert.ok("outputs" in parsed, JSON.stringify(parsed));
    const { gateTargetArn, gateMode, gateOpenHours, gateEnforce } = parsed.outputs;
    assert.deepEqual(
      [gateTargetArn, gateMode, gateOpenHours, gateEnforce],
      ["arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-dev:live", "audit", 8, []],
    );
  });

  it("passes the policies that come with it, once it is protected", async () => {
    const configure = (protect: boolean) =>
      scene().project.configure("dev", (old) => ({ ...old, "ecs-image-verification:protect": protect }));
    await configure(true);

    const { code, violations } = await scene().run("preview", "dev", ...judgedBy("policy", "policy-dev.json"));

    await configure(false);
    assert.deepEqual([code, violations], [0, []]);
  });

  it("loses the gate with its key and its part of the dashboard, and nothing else", async () => {
    await scene().project.configure("dev", ({ "ecs-image-verification:gate": _, ...others }) => others);

    const { code, steps } = await scene().run("up", "dev");

    assert.equal(code, 0);
    const others = stepsOf(steps).filter((step) => !/^delete \w+ image-verification-gate-/.test(step));
    assert.deepEqual(
      others.filter((step) => !/^update \w+ image-verification-dashboard-/.test(step)),
      [
        "delete QueryDefinition image-verification-dashboard-query-gate-passes",
        "delete QueryDefinition image-verification-dashboard-query-gate-refusals",
        "update KeyPolicy image-verification-orders-key-policy",
      ],
    );
  });
});
