// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.

import assert from "node:assert/strict";
import { parseServiceArn } from "../../verifier/src/gate/attachment/service-reference";
import { clusterArn, serviceArn } from "../support/fake-ecs";
import { AUDIT, gateHook, otherHook } from "../support/gate-hooks";
import { testKeeper } from "../support/keeper";
import { A_LONG_TIME, useKeptServices } from "./support/kept-services";

describe("AWS: the keeper", () => {
  const kept = useKeptServices();
  const ecs = () => kept().ecs;

  it("attaches the gate to every service that lacks it, one a second, and counts", async () => {
    const services = ["a", "b", "c"].map((name) => ecs().put("shop", name, { hooks: [otherHook()] }));
    ecs().put("shop", "done", { hooks: [gateHook()] });
    const began = kept().keeper.clock.now();

    await kept().run();

    assert.deepEqual(kept().updated(), services);
    assert.deepEqual(ecs().hooksOf(serviceArn("shop", "a")), [otherHook(), gateHook()]);
    assert.ok(kept().keeper.clock.now() - began >= 2000);
    assert.deepEqual([...kept().keeper.counted], [["ServicesGated", 4]]);
    await kept().run();
    assert.equal(kept().updated().length, 3);
  });

  it("leaves alone what cannot have it, is being deployed, or must be named, and counts the reasons", async () => {
    ecs().put("shop", "deploying", { deployments: [{ rolloutState: "IN_PROGRESS" }] });
    ecs().put("shop", "code-deploy", { deploymentController: { type: "CODE_DEPLOY" } });
    ecs().put("shop", "daemon", { schedulingStrategy: "DAEMON" });
    ecs().put("shop", "express", { resourceManagementType: "ECS" });
    ecs().put("shop", "leaving", { status: "DRAINING" });

    await kept().run();

    assert.deepEqual(kept().updated(), []);
    assert.deepEqual(Object.fromEntries(kept().keeper.counted), {
      ServicesGated: 0,
      "ServicesNotGated/deployment-in-progress": 1,
      "ServicesNotGated/other-controller": 1,
      "ServicesNotGated/daemon": 1,
      "ServicesNotGated/express-mode": 1,
    });
  });

  it("attaches to services of Express Mode and DAEMON that are named", async () => {
    const named = [
      ecs().put("shop", "daemon", { schedulingStrategy: "DAEMON" }),
      ecs().put("shop", "express", { resourceManagementType: "ECS" }),
    ];
    kept().keeper = testKeeper(ecs(), kept().world, { services: named });

    await kept().run();

    assert.deepEqual(kept().updated(), named);
  });

  it("attaches only to listed services, or to none, but counts all", async () => {
    const [web] = [ecs().put("shop", "web"), ecs().put("shop", "api")];
    kept().keeper = testKeeper(ecs(), kept().world, { attach: "none" });
    await kept().run();
    assert.deepEqual([kept().updated(), kept().keeper.counted.get("ServicesNotGated/not-attached")], [[], 2]);

    kept().keeper = testKeeper(ecs(), kept().world, { attach: "listed", services: [web] });
    await kept().run();
    assert.deepEqual([kept().updated(), kept().keeper.counted.get("ServicesNotGated/not-attached")], [[web], 1]);
  });

  it("looks only at the watched clusters", async () => {
    const web = ecs().put("shop", "web");
    ecs().put("other", "web");
    kept().keeper = testKeeper(ecs(), kept().world, { watchedClusters: [clusterArn("shop"), clusterArn("deleted")] });

    await kept().run();

    assert.deepEqual(
      [kept().updated(), kept().keeper.counted.get("ServicesGated"), kept().keeper.errors],
      [[web], 1, []],
    );
  });

  it("gives a service the hook of its mode", async () => {
    const [web, audited] = [ecs().put("shop", "web"), ecs().put("other", "api")];
    kept().keeper = testKeeper(ecs(), kept().world, { mode: "audit", enforced: [clusterArn("shop")] });

    await kept().run();

    assert.deepEqual([ecs().hooksOf(web), ecs().hooksOf(audited)], [[gateHook()], [gateHook({}, AUDIT)]]);
  });

  it("never rewrites a hook of the gate, and counts one that is not as it should be", async () => {
    ecs().put("shop", "old", { hooks: [gateHook({ roleArn: "arn:aws:iam::111122223333:role/old" })] });
    ecs().put("shop", "audited", { hooks: [gateHook({}, AUDIT)] });

    await kept().run();

    assert.deepEqual([kept().updated(), kept().keeper.counted.get("ServicesNotGated/changed")], [[], 2]);
  });

  it("does not rewrite the hook that somebody attaches between its look and its change", async () => {
    const web = ecs().put("shop", "web");
    let looks = 0;
    ecs().before(({ operation }) => {
      if (operation === "DescribeServices") looks += 1;
      if (looks === 2) ecs().put("shop", "web", { hooks: [gateHook({ lifecycleStages: ["PRE_SCALE_UP"] })] });
    });

    await kept().run();

    assert.deepEqual([kept().updated(), ecs().hooksOf(web).length], [[], 1]);
  });

  it("leaves a service alone for which an opening is in force, until it has ended", async () => {
    const web = ecs().put("shop", "web");
    kept().world.open = web;
    await kept().run();
    assert.deepEqual([kept().updated(), kept().keeper.counted.get("ServicesNotGated/opened")], [[], 1]);

    kept().world.open = "";
    await kept().run();
    assert.deepEqual(kept().updated(), [web]);
  });

  describe("after a deployment of a service", () => {
    it("looks at that service only, and counts none of the others", async () => {
      const web = ecs().put("shop", "web");
      ecs().put("shop", "api");

      await kept().run(A_LONG_TIME, parseServiceArn(web));

      assert.deepEqual([kept().updated(), [...kept().keeper.counted]], [[web], []]);
    });

    it("does nothing about one that is not watched or is gone", async () => {
      ecs().put("other", "web");
      kept().keeper = testKeeper(ecs(), kept().world, { watchedClusters: [clusterArn("shop")] });

      await kept().run(A_LONG_TIME, parseServiceArn(serviceArn("other", "web")));
      await kept().run(A_LONG_TIME, parseServiceArn(serviceArn("shop", "gone")));

      assert.deepEqual([kept().updated(), kept().keeper.errors], [[], []]);
    });
  });

  describe("attaches nothing", () => {
    it("while the gate's function is not active: deployments would fail", async () => {
      ecs().put("shop", "web");
      kept().world.gate = { state: "not-active", why: "its state is Inactive" };

      await kept().run();

      assert.deepEqual([kept().updated(), kept().keeper.counted.get("GateNotActive")], [[], 1]);
      assert.equal(kept().keeper.counted.get("ServicesNotGated/gate-not-active"), 1);
    });

    it("if the state of the function cannot be read", async () => {
      ecs().put("shop", "web");
      kept().world.gate = { state: "unknown", why: "AccessDenied" };

      await kept().run();

      assert.deepEqual([kept().updated(), kept().keeper.counted.get("KeeperFailed")], [[], 1]);
    });

    it("if it cannot know what was taken away", async () => {
      const web = ecs().put("shop", "web");
      kept().world.ledgerFails = true;
      await kept().run();
      assert.deepEqual([kept().updated(), kept().keeper.counted.get("ServicesNotGated/failed")], [[], 1]);

      kept().world.ledgerFails = false;
      await kept().run();
      assert.deepEqual(kept().updated(), [web]);
    });

    it("when its time gets short; the next run goes on", async () => {
      const services = ["a", "b", "c"].map((name) => ecs().put("shop", name));
      const left = () => (kept().updated().length < 2 ? 900_000 : 44_000);

      await kept().run(left);
      assert.deepEqual([kept().updated().length, kept().keeper.counted.get("ServicesNotGated/later")], [2, 1]);

      await kept().run();
      assert.deepEqual(kept().updated(), services);
    });

    it("for the rest of the day after an unexpected difference, and tells people", async () => {
      for (const name of ["a", "b"]) ecs().put("shop", name, { hooks: [otherHook()] });
      ecs().storing((hooks) => hooks.slice(1));
      await kept().run();
      ecs().storing((hooks) => hooks);
      await kept().run();

      assert.equal(kept().updated().length, 1);
      assert.deepEqual(
        kept().keeper.messages.map(({ subject }) => subject),
        ["GATE KEEPER STOPPED: shop/a in prod"],
      );
      assert.equal(kept().keeper.counted.get("ServicesNotGated/stopped"), 1);
      kept().errorsAre(/^The gate could not be kept at shop\/a/);

      await kept().keeper.clock.pass(24 * 3_600_000);
      await kept().run();
      assert.equal(kept().updated().length, 2);
    });
  });

  it("goes on with the others after an error at one service, at a batch, and at a cluster", async () => {
    const [a, b] = [ecs().put("shop", "a"), ecs().put("shop", "b")];
    ecs().put("broken", "c");
    const d = ecs().put("last", "d");
    ecs().fail(({ operation, input }) => {
      const isOne = operation === "UpdateService" && input.service === a;
      const isCluster = operation === "ListServices" && input.cluster === clusterArn("broken");
      return isOne || isCluster ? { type: "AccessDeniedException", message: "no" } : undefined;
    });

    await kept().run();

    assert.deepEqual(kept().updated(), [a, b, d]);
    assert.deepEqual(
      [kept().keeper.counted.get("ServicesGated"), kept().keeper.counted.get("ServicesNotGated/failed")],
      [2, 1],
    );
    kept().errorsAre(/^The gate could not be kept at shop\/a/, /^The services of \S+broken could not be listed/);
    assert.equal(kept().keeper.counted.get("KeeperFailed"), 2);
  });
});
