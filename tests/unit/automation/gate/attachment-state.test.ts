import assert from "node:assert/strict";
import { readAttachment } from "../../../../automation/operations/gate/attachment-state";
import { AUDIT, GATE, gateHook, otherHook } from "../../../support/gate-hooks";

const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/shop";
const { targetArn, roleArn } = GATE;

function attachmentWith(
  lifecycleHooks: readonly ReturnType<typeof gateHook>[],
  { enforce = [] as readonly string[], controller = "ECS" as "ECS" | "EXTERNAL" } = {},
) {
  const service = {
    clusterArn: CLUSTER,
    serviceArn: "arn:aws:ecs:eu-west-1:111122223333:service/shop/web",
    deploymentController: { type: controller },
    deploymentConfiguration: { lifecycleHooks: [...lifecycleHooks] },
  };
  return readAttachment(service, { targetArn, roleArn, modes: { mode: "audit", enforced: enforce } });
}

describe("whether a service has the gate's hook", () => {
  it("attached, beside the hooks of others, with the gate's mode for this service", () => {
    const audit = attachmentWith([otherHook(), gateHook({}, AUDIT)]);
    const enforced = attachmentWith([gateHook()], { enforce: [CLUSTER] });

    assert.deepEqual(audit, { state: "attached", mode: "audit", stages: ["PRE_SCALE_UP", "POST_SCALE_UP"] });
    assert.deepEqual([enforced.state, enforced.mode], ["attached", "enforce"]);
  });

  it("not as it should be: one stage, another alias, twice, an audit's timeout although it enforces", () => {
    const hooks = [
      [gateHook({ lifecycleStages: ["PRE_SCALE_UP"] }, AUDIT)],
      [gateHook({ hookTargetArn: targetArn.replace(":live", ":old") }, AUDIT)],
      [gateHook({}, AUDIT), gateHook({}, AUDIT)],
    ];

    for (const one of hooks) assert.equal(attachmentWith(one).state, "attached-otherwise");
    assert.equal(attachmentWith([gateHook({}, AUDIT)], { enforce: [CLUSTER] }).state, "attached-otherwise");
  });

  it("not attached; and impossible with another deployment controller", () => {
    assert.equal(attachmentWith([otherHook()]).state, "not-attached");
    assert.equal(attachmentWith([], { controller: "EXTERNAL" }).state, "cannot-have-hooks");
  });
});
