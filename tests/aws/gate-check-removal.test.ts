// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.
import assert from "node:assert/strict";
import { checkRemoval } from "../../verifier/src/gate/keeper/check-removal";
import { clusterArn, useFakeEcs } from "../support/fake-ecs";
import { AUDIT, gateHook, otherHook } from "../support/gate-hooks";
import { KEEPER_ENVIRONMENT } from "../support/keeper";

describe("AWS: the deletion of the gate", () => {
  const ecs = useFakeEcs();
  const check = (watchedClusters?: readonly string[]) =>
    checkRemoval({ ecs: ecs().client, environment: { ...KEEPER_ENVIRONMENT, attach: "none", watchedClusters } });

  it("is refused while a watched service has its hook, whether it is named or not, with what to do", async () => {
    ecs().put("shop", "web", { hooks: [otherHook(), gateHook({}, AUDIT)] });
    ecs().put("other", "api", { hooks: [gateHook({ hookTargetArn: gateHook().hookTargetArn?.replace(":live", "") })] });
    ecs().put("other", "free", { hooks: [otherHook()] });

    await assert.rejects(check(), {
      name: "GateAttachedError",
      message:
        "2 services still have the hook of the deployment gate: shop/web, other/api. Without the gate's function each of their deployments would fail. Run first: ecs-image-verification gate detach --all",
    });
  });

  it("is allowed when no service has it, or only one that is being deleted", async () => {
    ecs().put("shop", "free", { hooks: [otherHook()] });
    ecs().put("shop", "leaving", { hooks: [gateHook()], status: "DRAINING" });

    await check([clusterArn("shop"), clusterArn("deleted")]);
  });

  it("is refused for a service of a cluster that is not watched, too: somebody may have named it", async () => {
    ecs().put("other", "web", { hooks: [gateHook()] });

    await assert.rejects(check([clusterArn("shop")]), /^GateAttachedError: A service still has .*: other\/web\./);
  });

  it("is refused if the services cannot be looked at", async () => {
    ecs().put("shop", "web");
    for (const refused of ["ListClusters", "ListServices", "DescribeServices"]) {
      ecs().fail(({ operation }) =>
        operation === refused ? { type: "AccessDeniedException", message: "no" } : undefined,
      );

      await assert.rejects(check(), { name: "AccessDeniedException" }, refused);
    }
  });

  it("names some of many", async () => {
    for (let index = 0; index < 30; index += 1) ecs().put("shop", `web-${index}`, { hooks: [gateHook()] });

    await assert.rejects(check(), /^GateAttachedError: 30 services .*shop\/web-19 and 10 more\. /);
  });
});
