import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { deploymentController } from "../../../../policy/policies/deployment-controller";
import { verificationHook } from "../../../../policy/policies/verification-hook";
import { type ResourceGiven, unknownText, validate, violationsOf } from "../arguments";

const type = "aws:ecs/service:Service";
const functionArn = "arn:aws:lambda:eu-west-1:111122223333:function:gate";

describe("policy deployment-controller", () => {
  it("passes the controller of ECS, which is the default", async () => {
    assert.deepEqual(await violationsOf(deploymentController(), { type }), []);
    const props = { deploymentController: { type: "ECS" } };
    assert.deepEqual(await violationsOf(deploymentController(), { type, props }), []);
  });

  for (const controller of ["CODE_DEPLOY", "EXTERNAL"]) {
    it(`advises against ${controller}`, async () => {
      const props = { deploymentController: { type: controller } };
      assert.match((await violationsOf(deploymentController(), { type, props })).join(), /runs no lifecycle hooks/);
      assert.equal(deploymentController().enforcementLevel, "advisory");
    });
  }

  it("lets an unknown controller through to the server", async () => {
    const props = { deploymentController: { type: unknownText } };
    await assert.rejects(violationsOf(deploymentController(), { type, props }), UnknownValueError);
  });
});

describe("policy verification-hook", () => {
  const lifecycleStages = ["PRE_SCALE_UP", "POST_SCALE_UP"];
  const check = (lifecycleHooks: readonly object[] | undefined, config: object = { functionArn }) =>
    violationsOf(verificationHook(), { type, props: { deploymentConfiguration: { lifecycleHooks } }, config });

  it("advises, since the hook may be attached from outside", () => {
    assert.equal(verificationHook().enforcementLevel, "advisory");
  });

  it("passes a service with the hook at both stages, in one or two hooks, qualified or not", async () => {
    assert.deepEqual(await check([{ hookTargetArn: functionArn, lifecycleStages }]), []);
    const two = lifecycleStages.map((stage) => ({ hookTargetArn: `${functionArn}:live`, lifecycleStages: [stage] }));
    assert.deepEqual(await check(two), []);
  });

  it("names the stages that are not covered", async () => {
    assert.match((await check(undefined)).join(), /at PRE_SCALE_UP and POST_SCALE_UP/);
    const other = { hookTargetArn: `${functionArn}-other`, lifecycleStages };
    const half = { hookTargetArn: functionArn, lifecycleStages: ["PRE_SCALE_UP"] };
    assert.match((await check([other, half])).join(), /at POST_SCALE_UP\./);
  });

  it("says which deployments are not gated, and who may add the hook", async () => {
    assert.match(
      (await check([])).join(),
      /first deployment is not gated.*keeper or `ecs-image-verification gate attach`/,
    );
  });

  it("leaves services with another controller to the other policy", async () => {
    const props = { deploymentController: { type: "EXTERNAL" } };
    assert.deepEqual(await violationsOf(verificationHook(), { type, props, config: { functionArn } }), []);
  });

  it("lets an unknown hook through to the server, unless another covers every stage", async () => {
    const unknown = { hookTargetArn: unknownText, lifecycleStages };
    await assert.rejects(check([unknown]), UnknownValueError);
    assert.deepEqual(await check([unknown, { hookTargetArn: functionArn, lifecycleStages }]), []);
  });

  it("is a violation when its configuration cannot be used", async () => {
    assert.match(
      (await check([], { functionArn: `${functionArn}:live` })).join(),
      /functionArn: must be .* unqualified/,
    );
  });

  describe("with the gate of the program", () => {
    const gate = (name: string, props: object = {}): ResourceGiven => ({
      type: "aws:lambda/function:Function",
      name: `${name}-function`,
      parents: ["ecs-image-verification:components:DeploymentGate"],
      props: { name, imageConfig: { commands: ["deployment.handler"] }, ...props },
    });
    const service = (name: string, hookTargetArn?: string, props: object = {}): ResourceGiven => {
      const hooks = hookTargetArn === undefined ? [] : [{ hookTargetArn, lifecycleStages }];
      return { type, name, props: { deploymentConfiguration: { lifecycleHooks: hooks }, ...props } };
    };
    const about = /The service "([a-z]+)" has no lifecycle hook that invokes ([a-z- ]+) at/;
    /** What the policy reports in one run: at which resource, about which service, and for which gates. */
    async function run(...resources: readonly ResourceGiven[]) {
      const policy = verificationHook();
      const reported: string[] = [];
      for (const resource of resources) {
        for (const message of await violationsOf(policy, resource)) {
          const [, subject, gates] = about.exec(message) ?? [];
          reported.push(`${resource.name}: ${subject} without ${gates}`);
        }
      }
      return reported;
    }

    it("asks nothing where there is no gate", async () => {
      assert.deepEqual(await run(service("web")), []);
      const keeper = gate("keeper", { imageConfig: { commands: ["keeper.handler"] } });
      const other = { ...gate("other"), parents: [] };
      assert.deepEqual(await run(keeper, other, service("web")), []);
    });

    it("asks for the hook where the program makes a gate", async () => {
      const hooked = service("hooked", functionArn);
      assert.deepEqual(await run(gate("gate"), service("web"), hooked), ["web: web without gate"]);
    });

    it("reports services that came before the gate with the gate, each once", async () => {
      const early = [service("web"), service("hooked", `${functionArn}:live`), service("worker")];
      assert.deepEqual(await run(...early, gate("gate"), gate("second")), [
        "gate-function: web without gate",
        "gate-function: worker without gate",
      ]);
    });

    it("accepts any gate of the service's region", async () => {
      const [here, there] = [{ region: "eu-west-1" }, { region: "us-east-1" }];
      assert.deepEqual(
        await run(service("web", undefined, there), gate("gate", here), service("hooked", functionArn, here)),
        [],
      );
      assert.deepEqual(await run(service("web", undefined, there), gate("gate", here), gate("other", there)), [
        "other-function: web without other",
      ]);
    });

    it("obeys the function of the configuration instead", async () => {
      const policy = verificationHook({ config: { functionArn } });
      assert.deepEqual(await violationsOf(policy, gate("other")), []);
      assert.deepEqual(await violationsOf(policy, service("hooked", functionArn)), []);
      assert.match((await violationsOf(policy, service("web"))).join(), /invokes arn:aws:lambda:\S+:function:gate at/);
    });

    it("lets unknown hooks through to the server, and reports what is known beside them", async () => {
      const policy = verificationHook();
      await violationsOf(policy, service("web"));
      await violationsOf(policy, service("hooked", unknownText));
      await violationsOf(policy, service("worker"));
      const violations: string[] = [];

      await assert.rejects(validate(policy, gate("gate"), violations), UnknownValueError);

      assert.deepEqual(
        violations.map((message) => about.exec(message)?.[1]),
        ["web", "worker"],
      );
    });
  });
});
