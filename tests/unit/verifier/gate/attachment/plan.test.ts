import assert from "node:assert/strict";
import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import fc from "fast-check";
import { isOurs } from "../../../../../verifier/src/gate/attachment/hooks";
import {
  type DescribedService,
  type Plan,
  planAttachment,
  planDetachment,
} from "../../../../../verifier/src/gate/attachment/plan";
import { isGateTarget } from "../../../../../verifier/src/gate/hook";
import { AUDIT, GATE, gateHook, otherHook, PAUSE_HOOK } from "../../../../support/gate-hooks";

function service(
  lifecycleHooks?: readonly DeploymentLifecycleHook[],
  changes: DescribedService = {},
): DescribedService {
  return {
    status: "ACTIVE",
    deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }],
    deploymentConfiguration: lifecycleHooks === undefined ? {} : { lifecycleHooks: [...lifecycleHooks] },
    ...changes,
  };
}

const tenHooks = Array.from({ length: 10 }, (_, index) => otherHook(`other-${index}`));
const describePlan = (plan: Plan): string => (plan.action === "skip" ? plan.reason : plan.action);

describe("what is done so that a service has the gate's hook", () => {
  const table: readonly (readonly [string, DescribedService, string])[] = [
    ["no hooks", service(), "update"],
    ["an empty list", service([]), "update"],
    ["hooks of others", service([otherHook(), PAUSE_HOOK]), "update"],
    ["ours", service([gateHook()]), "nothing"],
    ["ours among others", service([otherHook(), gateHook(), PAUSE_HOOK]), "nothing"],
    [
      "ours with its stages in another order",
      service([gateHook({ lifecycleStages: ["POST_SCALE_UP", "PRE_SCALE_UP"] })]),
      "nothing",
    ],
    ["ours without a type, which is Lambda", service([gateHook({ targetType: undefined })]), "nothing"],
    ["ours with details, which the gate does not trust", service([gateHook({ hookDetails: { a: 1 } })]), "nothing"],
    [
      "ours with ECS's default timeout",
      service([gateHook({ timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" } })]),
      "nothing",
    ],
    ["ours with the timeout of an audit", service([gateHook({}, AUDIT)]), "update"],
    ["ours with another role", service([gateHook({ roleArn: "arn:aws:iam::111122223333:role/old" })]), "update"],
    [
      "ours with another alias",
      service([gateHook({ hookTargetArn: GATE.targetArn.replace(":live", ":old") })]),
      "update",
    ],
    ["ours with no alias", service([gateHook({ hookTargetArn: GATE.targetArn.replace(":live", "") })]), "update"],
    ["ours with one stage", service([gateHook({ lifecycleStages: ["PRE_SCALE_UP"] })]), "update"],
    [
      "ours with a stage too many",
      service([gateHook({ lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT"] })]),
      "update",
    ],
    ["ours twice", service([gateHook(), gateHook()]), "update"],
    ["ours, and it is being deleted", service([gateHook()], { status: "DRAINING" }), "nothing"],
    ["no hooks, and it is being deleted", service([], { status: "DRAINING" }), "not-active"],
    ["no hooks, and it was deleted", service([], { status: "INACTIVE" }), "not-active"],
    ["CodeDeploy", service([], { deploymentController: { type: "CODE_DEPLOY" } }), "other-controller"],
    ["an external controller", service([], { deploymentController: { type: "EXTERNAL" } }), "other-controller"],
    ["ECS as its controller", service([], { deploymentController: { type: "ECS" } }), "update"],
    ["ten Lambda hooks of others", service(tenHooks), "hook-limit"],
    [
      "ten Lambda hooks without a type",
      service(tenHooks.map((hook) => ({ ...hook, targetType: undefined }))),
      "hook-limit",
    ],
    ["nine Lambda hooks and ten pauses", service([...tenHooks.slice(1), ...tenHooks.map(() => PAUSE_HOOK)]), "update"],
    [
      "nine Lambda hooks and an old one of ours",
      service([...tenHooks.slice(1), gateHook({ roleArn: "old" })]),
      "update",
    ],
    [
      "a deployment in progress",
      service([], { deployments: [{ status: "PRIMARY", rolloutState: "IN_PROGRESS" }] }),
      "deployment-in-progress",
    ],
    [
      "two deployments",
      service([], { deployments: [{ status: "PRIMARY" }, { status: "ACTIVE" }] }),
      "deployment-in-progress",
    ],
    [
      "a deployment that failed",
      service([], { deployments: [{ status: "PRIMARY", rolloutState: "FAILED" }] }),
      "update",
    ],
    [
      "a deployment that is over",
      service([], { deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }, { status: "INACTIVE" }] }),
      "update",
    ],
    ["no state, as behind a Classic Load Balancer", service([], { deployments: [{ status: "PRIMARY" }] }), "update"],
    ["ours, during a deployment", service([gateHook()], { deployments: [{ rolloutState: "IN_PROGRESS" }] }), "nothing"],
  ];

  for (const [what, described, expected] of table) {
    it(`${what}: ${expected}`, () => {
      assert.equal(describePlan(planAttachment(described, GATE)), expected);
    });
  }

  it("in audit, a timeout that rolls back is replaced, and none is left alone: ECS may not take one", () => {
    const rollsBack = gateHook({ timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" } });

    assert.equal(describePlan(planAttachment(service([gateHook({}, AUDIT)]), AUDIT)), "nothing");
    assert.equal(describePlan(planAttachment(service([gateHook()]), AUDIT)), "nothing");
    assert.equal(describePlan(planAttachment(service([rollsBack]), AUDIT)), "update");
  });

  it("ours comes last, or stays in the place where it was", () => {
    const [one, two] = [otherHook("one"), otherHook("two")];
    const old = gateHook({ roleArn: "old" });

    assert.deepEqual(afterOf(planAttachment(service([one, PAUSE_HOOK]), GATE)), [one, PAUSE_HOOK, gateHook()]);
    assert.deepEqual(afterOf(planAttachment(service([one, old, two, old]), GATE)), [one, gateHook(), two]);
    assert.deepEqual(afterOf(planAttachment(service([old, one]), GATE)), [gateHook(), one]);
  });

  it("has both stages, the role, and a timeout in audit only", () => {
    const [audited] = afterOf(planAttachment(service(), AUDIT));

    assert.deepEqual(audited, {
      targetType: "AWS_LAMBDA",
      hookTargetArn: GATE.targetArn,
      roleArn: GATE.roleArn,
      lifecycleStages: ["PRE_SCALE_UP", "POST_SCALE_UP"],
      timeoutConfiguration: { timeoutInMinutes: 15, action: "CONTINUE" },
    });
    assert.equal(afterOf(planAttachment(service(), GATE))[0]?.timeoutConfiguration, undefined);
  });
});

describe("what is done so that a service has no hook of the gate", () => {
  const table: readonly (readonly [string, DescribedService, string])[] = [
    ["no hooks", service(), "nothing"],
    ["hooks of others", service([otherHook(), PAUSE_HOOK]), "nothing"],
    ["no hooks, during a deployment", service([], { deployments: [{ rolloutState: "IN_PROGRESS" }] }), "nothing"],
    ["ours", service([gateHook()]), "update"],
    ["ours under another alias", service([gateHook({ hookTargetArn: `${GATE.targetArn}r` })]), "update"],
    ["ours among ten", service([...tenHooks.slice(1), gateHook()]), "update"],
    ["ours, and it is being deleted", service([gateHook()], { status: "DRAINING" }), "not-active"],
    [
      "ours, during a deployment",
      service([gateHook()], { deployments: [{ rolloutState: "IN_PROGRESS" }] }),
      "deployment-in-progress",
    ],
  ];

  for (const [what, described, expected] of table) {
    it(`${what}: ${expected}`, () => {
      assert.equal(describePlan(planDetachment(described, GATE)), expected);
    });
  }

  it("leaves an empty list if ours was the only one", () => {
    assert.deepEqual(afterOf(planDetachment(service([gateHook()]), GATE)), []);
  });
});

describe("the hooks of others", () => {
  const stage = fc.constantFrom("PRE_SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "RECONCILE_SERVICE");
  const lambdaArn = fc
    .constantFrom("gate", "gate2", "agate", "canary")
    .map((name) => `${GATE.targetArn.replace(":gate:live", "")}:${name}`);
  const hook: fc.Arbitrary<DeploymentLifecycleHook> = fc.record(
    {
      targetType: fc.constantFrom("AWS_LAMBDA", "PAUSE"),
      hookTargetArn: fc.oneof(
        lambdaArn,
        lambdaArn.map((arn) => `${arn}:live`),
        fc.string(),
      ),
      roleArn: fc.string(),
      lifecycleStages: fc.array(stage),
      hookDetails: fc.jsonValue() as fc.Arbitrary<NonNullable<DeploymentLifecycleHook["hookDetails"]>>,
      timeoutConfiguration: fc.record({
        timeoutInMinutes: fc.integer(),
        action: fc.constantFrom("CONTINUE", "ROLLBACK"),
      }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<DeploymentLifecycleHook>;
  const others = (hooks: readonly DeploymentLifecycleHook[]) =>
    hooks.filter(({ hookTargetArn }) => !isGateTarget(hookTargetArn, GATE.targetArn));

  it("never change, nor does their order, whatever is attached, detached, or was there", () => {
    fc.assert(
      fc.property(fc.array(hook, { maxLength: 14 }), fc.constantFrom(GATE, AUDIT), (given, gate) => {
        // Without the objects that have no prototype, which JSON does not know.
        const [hooks, before] = [structuredClone(given), structuredClone(given)];
        for (const plan of [planAttachment(service(hooks), gate), planDetachment(service(hooks), gate)]) {
          if (plan.action !== "update") continue;
          assert.deepEqual(others(plan.after), others(before));
          assert.deepEqual(plan.before, before);
        }
      }),
    );
  });

  it("stand beside exactly one of ours after attaching, and none after detaching; then nothing is left to do", () => {
    fc.assert(
      fc.property(fc.array(hook, { maxLength: 9 }), fc.constantFrom(GATE, AUDIT), (hooks, gate) => {
        const attached = afterOf(planAttachment(service(hooks), gate), hooks);
        const detached = afterOf(planDetachment(service(attached), gate), attached);

        assert.equal(attached.filter((one) => isOurs(one, gate.targetArn)).length, 1);
        assert.deepEqual(planAttachment(service(attached), gate), { action: "nothing" });
        assert.deepEqual(detached, others(hooks));
        assert.deepEqual(planDetachment(service(detached), gate), { action: "nothing" });
      }),
    );
  });
});

function afterOf(plan: Plan, otherwise: readonly DeploymentLifecycleHook[] = []): readonly DeploymentLifecycleHook[] {
  return plan.action === "update" ? plan.after : otherwise;
}
