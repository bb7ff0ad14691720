import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { deploymentController } from "../../../../policy/policies/deployment-controller";
import { verificationHook } from "../../../../policy/policies/verification-hook";
import { unknownText, violationsOf } from "../arguments";

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

  it("is off unless an environment asks for it", () => {
    assert.equal(verificationHook().enforcementLevel, "disabled");
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
    assert.match((await check([other, half])).join(), /at POST_SCALE_UP,/);
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

  it("is a violation when it is not configured", async () => {
    assert.match((await check([], {})).join(), /functionArn/);
  });
});
