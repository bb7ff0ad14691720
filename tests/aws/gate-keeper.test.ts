// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.

import assert from "node:assert/strict";
import { parseServiceArn, type ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { runKeeper } from "../../verifier/src/gate/keeper/run-keeper";
import { clusterArn, serviceArn, useFakeEcs } from "../support/fake-ecs";
import { AUDIT, gateHook, otherHook } from "../support/gate-hooks";
import { type KeeperWorld, keeperWorld, type TestKeeper, testKeeper } from "../support/keeper";
import { memoryLedger } from "../support/memory-ledger";

const A_LONG_TIME = () => 900_000;

describe("AWS: the keeper", () => {
  const ecs = useFakeEcs();
  let world: KeeperWorld;
  let keeper: TestKeeper;
  beforeEach(() => {
    world = keeperWorld();
    keeper = testKeeper(ecs(), world);
  });
  const run = (remainingMs = A_LONG_TIME, only?: ServiceReference) => runKeeper(keeper, remainingMs, only);
  const updated = () =>
    ecs()
      .updates()
      .map(({ service }) => service);
  const errorsAre = (...names: readonly RegExp[]) => {
    assert.equal(keeper.errors.length, names.length, JSON.stringify(keeper.errors));
    for (const [index, name] of names.entries()) assert.match(keeper.errors[index]?.[0] ?? "", name);
  };

  it("attaches the gate to every service that lacks it, one a second, and counts", async () => {
    const services = ["a", "b", "c"].map((name) => ecs().put("shop", name, { hooks: [otherHook()] }));
    ecs().put("shop", "done", { hooks: [gateHook()] });
    const began = keeper.clock.now();

    await run();

    assert.deepEqual(updated(), services);
    assert.deepEqual(ecs().hooksOf(serviceArn("shop", "a")), [otherHook(), gateHook()]);
    assert.ok(keeper.clock.now() - began >= 2000);
    assert.deepEqual([...keeper.counted], [["ServicesGated", 4]]);
    await run();
    assert.equal(updated().length, 3);
  });

  it("leaves alone what cannot have it, is being deployed, or must be named, and counts the reasons", async () => {
    ecs().put("shop", "deploying", { deployments: [{ rolloutState: "IN_PROGRESS" }] });
    ecs().put("shop", "code-deploy", { deploymentController: { type: "CODE_DEPLOY" } });
    ecs().put("shop", "daemon", { schedulingStrategy: "DAEMON" });
    ecs().put("shop", "express", { resourceManagementType: "ECS" });
    ecs().put("shop", "leaving", { status: "DRAINING" });

    await run();

    assert.deepEqual(updated(), []);
    assert.deepEqual(Object.fromEntries(keeper.counted), {
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
    keeper = testKeeper(ecs(), world, { services: named });

    await run();

    assert.deepEqual(updated(), named);
  });

  it("attaches only to listed services, or to none, but counts all", async () => {
    const [web] = [ecs().put("shop", "web"), ecs().put("shop", "api")];
    keeper = testKeeper(ecs(), world, { attach: "none" });
    await run();
    assert.deepEqual([updated(), keeper.counted.get("ServicesNotGated/not-attached")], [[], 2]);

    keeper = testKeeper(ecs(), world, { attach: "listed", services: [web] });
    await run();
    assert.deepEqual([updated(), keeper.counted.get("ServicesNotGated/not-attached")], [[web], 1]);
  });

  it("looks only at the watched clusters", async () => {
    const web = ecs().put("shop", "web");
    ecs().put("other", "web");
    keeper = testKeeper(ecs(), world, { watchedClusters: [clusterArn("shop"), clusterArn("deleted")] });

    await run();

    assert.deepEqual([updated(), keeper.counted.get("ServicesGated"), keeper.errors], [[web], 1, []]);
  });

  it("gives a service the hook of its mode", async () => {
    const [web, audited] = [ecs().put("shop", "web"), ecs().put("other", "api")];
    keeper = testKeeper(ecs(), world, { mode: "audit", enforced: [clusterArn("shop")] });

    await run();

    assert.deepEqual([ecs().hooksOf(web), ecs().hooksOf(audited)], [[gateHook()], [gateHook({}, AUDIT)]]);
  });

  it("never rewrites a hook of the gate, and counts one that is not as it should be", async () => {
    ecs().put("shop", "old", { hooks: [gateHook({ roleArn: "arn:aws:iam::111122223333:role/old" })] });
    ecs().put("shop", "audited", { hooks: [gateHook({}, AUDIT)] });

    await run();

    assert.deepEqual([updated(), keeper.counted.get("ServicesNotGated/changed")], [[], 2]);
  });

  it("does not rewrite the hook that somebody attaches between its look and its change", async () => {
    const web = ecs().put("shop", "web");
    let looks = 0;
    ecs().before(({ operation }) => {
      if (operation === "DescribeServices") looks += 1;
      if (looks === 2) ecs().put("shop", "web", { hooks: [gateHook({ lifecycleStages: ["PRE_SCALE_UP"] })] });
    });

    await run();

    assert.deepEqual([updated(), ecs().hooksOf(web).length], [[], 1]);
  });

  it("leaves a service alone for which an opening is in force, until it has ended", async () => {
    const web = ecs().put("shop", "web");
    world.open = web;
    await run();
    assert.deepEqual([updated(), keeper.counted.get("ServicesNotGated/opened")], [[], 1]);

    world.open = "";
    await run();
    assert.deepEqual(updated(), [web]);
  });

  describe("after a deployment of a service", () => {
    it("looks at that service only, and counts none of the others", async () => {
      const web = ecs().put("shop", "web");
      ecs().put("shop", "api");

      await run(A_LONG_TIME, parseServiceArn(web));

      assert.deepEqual([updated(), [...keeper.counted]], [[web], []]);
    });

    it("does nothing about one that is not watched or is gone", async () => {
      ecs().put("other", "web");
      keeper = testKeeper(ecs(), world, { watchedClusters: [clusterArn("shop")] });

      await run(A_LONG_TIME, parseServiceArn(serviceArn("other", "web")));
      await run(A_LONG_TIME, parseServiceArn(serviceArn("shop", "gone")));

      assert.deepEqual([updated(), keeper.errors], [[], []]);
    });
  });

  describe("where somebody took the gate away", () => {
    const take = () => ecs().put("shop", "web", { hooks: [otherHook()] });
    const told = () => keeper.messages.map(({ subject }) => subject);

    it("gives way, tells people once with the caller, and counts", async () => {
      const web = ecs().put("shop", "web");
      await run();
      take();
      const caller = "arn:aws:sts::111122223333:assumed-role/Admin/jo";
      world.removers = new Map([[web, { caller, at: "2026-11-27T08:10:00Z", program: "aws-cli/2" }]]);

      for (const _ of [1, 2, 3]) await run();

      assert.deepEqual([updated(), ecs().hooksOf(web)], [[web], [otherHook()]]);
      assert.deepEqual(told(), ["GATE REMOVED: shop/web in prod"]);
      assert.match(
        keeper.messages[0]?.text ?? "",
        /\nService +shop\/web: by arn:\S+\/Admin\/jo at 2026-11-27T08:10:00Z with aws-cli\/2\n/,
      );
      assert.deepEqual([keeper.counted.get("GateRemoved"), keeper.counted.get("ServicesNotGated/removed")], [1, 1]);
    });

    it("does the same for a hook that somebody else had attached", async () => {
      ecs().put("shop", "web", { hooks: [gateHook()] });
      await run();
      take();

      await run();

      assert.deepEqual([updated(), told().length], [[], 1]);
    });

    it("tells again after the gate was attached again by a person and taken away again", async () => {
      ecs().put("shop", "web");
      await run();
      for (const _ of [1, 2]) {
        take();
        await run();
        ecs().put("shop", "web", { hooks: [gateHook()] });
        await run();
      }

      assert.deepEqual([updated().length, told().length, keeper.counted.get("ServicesGated")], [1, 2, 1]);
    });

    it("tells at once what CloudTrail reports, and of each caller one removal an hour", async () => {
      const names = ["web", "api", "jobs"];
      for (const name of names) ecs().put("shop", name, { hooks: [gateHook()] });
      await run();
      const by = (caller: string) => ({ caller, at: "2026-11-27T08:10:00Z", program: undefined });
      const remove = async (name: string, caller: string) => {
        const service = ecs().put("shop", name);
        await runKeeper(keeper, A_LONG_TIME, { cluster: clusterArn("shop"), service }, by(caller));
      };

      await remove("web", "jo");
      await remove("api", "jo");
      await remove("jobs", "kim");
      await run();

      assert.deepEqual(told(), ["GATE REMOVED: shop/web in prod", "GATE REMOVED: shop/jobs in prod"]);
      assert.match(keeper.messages[0]?.text ?? "", /by jo at 2026-11-27T08:10:00Z/);
      assert.equal(keeper.counted.get("GateRemoved"), 3);
    });

    it("tells of a removal by the same caller if the message about the one before could not be sent", async () => {
      for (const name of ["web", "api"]) ecs().put("shop", name, { hooks: [gateHook()] });
      await run();
      const by = { caller: "jo", at: "2026-11-27T08:10:00Z", program: undefined };
      const remove = async (name: string) => {
        const service = ecs().put("shop", name);
        await runKeeper(keeper, A_LONG_TIME, { cluster: clusterArn("shop"), service }, by);
      };
      world.topicFails = true;
      await remove("web");
      world.topicFails = false;

      await remove("api");
      await run();

      assert.deepEqual(told(), ["GATE REMOVED: shop/api in prod", "GATE REMOVED: shop/web in prod"]);
      errorsAre(/could not be told/);
    });

    it("tells of each removal, whichever of Lambda's environments saw the gate attached again", async () => {
      const ledger = memoryLedger();
      const others = [1, 2].map(() => testKeeper(ecs(), world, {}, ledger));
      const [one, other] = others;
      assert.ok(one && other);
      const attached = () => ecs().put("shop", "web", { hooks: [gateHook()] });
      attached();
      await runKeeper(one, A_LONG_TIME);
      take();
      await runKeeper(other, A_LONG_TIME);
      attached();
      await runKeeper(one, A_LONG_TIME);
      take();

      await runKeeper(other, A_LONG_TIME);

      assert.equal(others.flatMap(({ messages }) => messages).length, 2);
    });

    it("sends one message for many services", async () => {
      const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
      for (const name of names) ecs().put("shop", name, { hooks: [gateHook()] });
      await run();
      for (const name of names) ecs().put("shop", name);

      await run();

      assert.deepEqual(told(), ["GATE REMOVED: 12 services in prod"]);
      assert.match(keeper.messages[0]?.text ?? "", /\nCount +7 more/);
      assert.equal(keeper.counted.get("GateRemoved"), 12);
    });

    it("tells people without the caller if CloudTrail cannot be asked", async () => {
      ecs().put("shop", "web", { hooks: [gateHook()] });
      await run();
      take();
      world.removers = "fails";

      await run();

      assert.match(keeper.messages[0]?.text ?? "", /who did it is not in CloudTrail yet/);
      errorsAre(/^CloudTrail could not be asked/);
    });

    it("tries the message again at the next run if it could not be sent", async () => {
      ecs().put("shop", "web", { hooks: [gateHook()] });
      await run();
      take();
      world.topicFails = true;
      await run();
      world.topicFails = false;

      await run();

      assert.deepEqual([told().length, updated()], [1, []]);
      errorsAre(/could not be told/);
    });

    it("attaches to a new service of the same name", async () => {
      ecs().put("shop", "web", { hooks: [gateHook()] });
      await run();
      const web = ecs().put("shop", "web", { createdAt: new Date("2026-11-01T00:00:00Z") });

      await run();

      assert.deepEqual([updated(), told()], [[web], []]);
    });
  });

  describe("attaches nothing", () => {
    it("while the gate's function is not active: deployments would fail", async () => {
      ecs().put("shop", "web");
      world.gate = { state: "not-active", why: "its state is Inactive" };

      await run();

      assert.deepEqual([updated(), keeper.counted.get("GateNotActive")], [[], 1]);
      assert.equal(keeper.counted.get("ServicesNotGated/gate-not-active"), 1);
    });

    it("if the state of the function cannot be read", async () => {
      ecs().put("shop", "web");
      world.gate = { state: "unknown", why: "AccessDenied" };

      await run();

      assert.deepEqual([updated(), keeper.counted.get("KeeperFailed")], [[], 1]);
    });

    it("if it cannot know what was taken away", async () => {
      const web = ecs().put("shop", "web");
      world.ledgerFails = true;
      await run();
      assert.deepEqual([updated(), keeper.counted.get("ServicesNotGated/failed")], [[], 1]);

      world.ledgerFails = false;
      await run();
      assert.deepEqual(updated(), [web]);
    });

    it("when its time gets short; the next run goes on", async () => {
      const services = ["a", "b", "c"].map((name) => ecs().put("shop", name));
      const left = () => (updated().length < 2 ? 900_000 : 44_000);

      await run(left);
      assert.deepEqual([updated().length, keeper.counted.get("ServicesNotGated/later")], [2, 1]);

      await run();
      assert.deepEqual(updated(), services);
    });

    it("for the rest of the day after an unexpected difference, and tells people", async () => {
      for (const name of ["a", "b"]) ecs().put("shop", name, { hooks: [otherHook()] });
      ecs().storing((hooks) => hooks.slice(1));
      await run();
      ecs().storing((hooks) => hooks);
      await run();

      assert.equal(updated().length, 1);
      assert.deepEqual(
        keeper.messages.map(({ subject }) => subject),
        ["GATE KEEPER STOPPED: shop/a in prod"],
      );
      assert.equal(keeper.counted.get("ServicesNotGated/stopped"), 1);
      errorsAre(/^The gate could not be kept at shop\/a/);

      await keeper.clock.pass(24 * 3_600_000);
      await run();
      assert.equal(updated().length, 2);
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

    await run();

    assert.deepEqual(updated(), [a, b, d]);
    assert.deepEqual([keeper.counted.get("ServicesGated"), keeper.counted.get("ServicesNotGated/failed")], [2, 1]);
    errorsAre(/^The gate could not be kept at shop\/a/, /^The services of \S+broken could not be listed/);
    assert.equal(keeper.counted.get("KeeperFailed"), 2);
  });
});
