import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { type GateReference, gateAllServices, gateService } from "../../../../components/gate/gate-service";
import { named, type RunOptions, runProgram } from "../run-program";

const TARGET = "arn:aws:lambda:eu-west-1:111122223333:function:gate:live";
const GATE: GateReference = { targetArn: TARGET, invokerRoleArn: "arn:invoker", mode: "enforce" };
const HOOK = { hookTargetArn: TARGET, roleArn: "arn:invoker", lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP"] };
const AUDIT = { ...HOOK, timeoutConfiguration: { timeoutInMinutes: "15", action: "CONTINUE" } };
const PAUSE = {
  targetType: "PAUSE",
  lifecycleStages: ["POST_SCALE_UP"],
  timeoutConfiguration: { timeoutInMinutes: "60", action: "ROLLBACK" },
};
const OTHER = {
  hookTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:smoke-test",
  roleArn: "arn:other",
  lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
  hookDetails: '{"url":"https://test.example.com"}',
};

type Service = Pick<aws.ecs.ServiceArgs, "deploymentConfiguration" | "deploymentController">;

/** The deployment configuration with which a service is made. */
async function configurationOf(args: Service, gate = GATE, options: RunOptions = {}) {
  const states = { "aws:ecs/service:Service": {} };
  const result = await runProgram(
    () => void new aws.ecs.Service("web", gateService({ ...args, desiredCount: 2 }, gate)),
    { ...options, states },
  );
  const { deploymentConfiguration, desiredCount } = named(result, "web").inputs;
  assert.equal(desiredCount, 2);
  return deploymentConfiguration;
}

describe("gateService", () => {
  it("adds the gate at both stages, with the strategy that the provider sends hooks of new services with", async () => {
    assert.deepEqual(await configurationOf({}), { strategy: "ROLLING", lifecycleHooks: [HOOK] });
  });

  it("has ECS continue in audit where the gate does not answer", async () => {
    assert.deepEqual(await configurationOf({}, { ...GATE, mode: "audit" }), {
      strategy: "ROLLING",
      lifecycleHooks: [AUDIT],
    });
  });

  it("keeps the hooks, pauses, timeouts, details and settings that are there", async () => {
    const deploymentConfiguration = {
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: "5",
      lifecycleHooks: [PAUSE, OTHER],
    };

    assert.deepEqual(await configurationOf({ deploymentConfiguration }), {
      ...deploymentConfiguration,
      lifecycleHooks: [PAUSE, OTHER, HOOK],
    });
  });

  it("works with outputs, of the service and of the gate", async () => {
    const deploymentConfiguration = pulumi.output({ lifecycleHooks: [pulumi.output(OTHER)] });
    const gate = {
      targetArn: pulumi.output(TARGET),
      invokerRoleArn: pulumi.output("arn:invoker"),
      mode: pulumi.output("enforce" as const),
    };

    assert.deepEqual(await configurationOf({ deploymentConfiguration }, gate), {
      strategy: "ROLLING",
      lifecycleHooks: [OTHER, HOOK],
    });
  });

  for (const target of [TARGET, TARGET.replace(/:live$/, ""), TARGET.replace(/live$/, "3")]) {
    it(`does nothing where the gate is there already, as ${target.split(":").slice(5).join(":")}`, async () => {
      const ours = { ...AUDIT, hookTargetArn: target };

      const found = await configurationOf({ deploymentConfiguration: { lifecycleHooks: [ours] } });

      assert.deepEqual(found, { strategy: "ROLLING", lifecycleHooks: [ours] });
    });
  }

  it("changes nothing once the gate was added", async () => {
    const once = gateService({}, GATE);

    assert.deepEqual(await configurationOf(gateService(once, GATE)), { strategy: "ROLLING", lifecycleHooks: [HOOK] });
  });

  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    it(`leaves a service with the controller ${type} as it is`, async () => {
      assert.equal(await configurationOf({ deploymentController: { type } }), undefined);
    });
  }

  it("shows in a preview what it knows, where the gate is still to be made", async () => {
    const preview = await runProgram(
      () => {
        const made = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
        new aws.ecs.Service("web", gateService({}, { ...GATE, targetArn: made.arn }));
      },
      { preview: true, states: { "aws:ecs/service:Service": {} } },
    );

    assert.deepEqual(named(preview, "web").inputs.deploymentConfiguration, {
      strategy: "ROLLING",
      lifecycleHooks: "(unknown)",
    });
  });

  it("takes the arguments of awsx's services", async () => {
    const result = await runProgram(
      () => {
        new awsx.ecs.FargateService("fargate", gateService({ taskDefinition: "web:1" }, GATE));
        new awsx.ecs.EC2Service("ec2", gateService({ taskDefinition: "web:1" }, GATE));
      },
      { states: { "awsx:ecs:FargateService": {}, "awsx:ecs:EC2Service": {} } },
    );

    for (const name of ["fargate", "ec2"]) {
      assert.deepEqual(named(result, name).inputs.deploymentConfiguration, {
        strategy: "ROLLING",
        lifecycleHooks: [HOOK],
      });
    }
  });
});

describe("gateAllServices", () => {
  it("leaves everything but services as it is", async () => {
    const transform = gateAllServices(GATE);

    for (const type of [
      "aws:ecs/cluster:Cluster",
      "aws:ecs/taskDefinition:TaskDefinition",
      "awsx:ecs:FargateService",
    ]) {
      assert.equal(await transform({ custom: true, type, name: "web", props: {}, opts: {} }), undefined);
    }
  });
});
