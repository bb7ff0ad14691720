// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.

import assert from "node:assert/strict";
import { runKeeper } from "../../verifier/src/gate/keeper/run-keeper";
import { clusterArn } from "../support/fake-ecs";
import { gateHook, otherHook } from "../support/gate-hooks";
import { testKeeper } from "../support/keeper";
import { memoryLedger } from "../support/memory-ledger";
import { A_LONG_TIME, useKeptServices } from "./support/kept-services";

describe("AWS: the keeper, where somebody took the gate away", () => {
  const kept = useKeptServices();
  const ecs = () => kept().ecs;

  const take = () => ecs().put("shop", "web", { hooks: [otherHook()] });
  const told = () => kept().keeper.messages.map(({ subject }) => subject);

  it("gives way, tells people once with the caller, and counts", async () => {
    const web = ecs().put("shop", "web");
    await kept().run();
    take();
    const caller = "arn:aws:sts::111122223333:assumed-role/Admin/jo";
    kept().world.removers = new Map([[web, { caller, at: "2026-11-27T08:10:00Z", program: "aws-cli/2" }]]);

    for (const _ of [1, 2, 3]) await kept().run();

    assert.deepEqual([kept().updated(), ecs().hooksOf(web)], [[web], [otherHook()]]);
    assert.deepEqual(told(), ["GATE REMOVED: shop/web in prod"]);
    assert.match(
      kept().keeper.messages[0]?.text ?? "",
      /\nService +shop\/web: by arn:\S+\/Admin\/jo at 2026-11-27T08:10:00Z with aws-cli\/2\n/,
    );
    assert.deepEqual(
      [kept().keeper.counted.get("GateRemoved"), kept().keeper.counted.get("ServicesNotGated/removed")],
      [1, 1],
    );
  });

  it("does the same for a hook that somebody else had attached", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });
    await kept().run();
    take();

    await kept().run();

    assert.deepEqual([kept().updated(), told().length], [[], 1]);
  });

  it("tells again after the gate was attached again by a person and taken away again", async () => {
    ecs().put("shop", "web");
    await kept().run();
    for (const _ of [1, 2]) {
      take();
      await kept().run();
      ecs().put("shop", "web", { hooks: [gateHook()] });
      await kept().run();
    }

    assert.deepEqual([kept().updated().length, told().length, kept().keeper.counted.get("ServicesGated")], [1, 2, 1]);
  });

  it("tells at once what CloudTrail reports, and of each caller one removal an hour", async () => {
    const names = ["web", "api", "jobs"];
    for (const name of names) ecs().put("shop", name, { hooks: [gateHook()] });
    await kept().run();
    const by = (caller: string) => ({ caller, at: "2026-11-27T08:10:00Z", program: undefined });
    const remove = async (name: string, caller: string) => {
      const service = ecs().put("shop", name);
      await kept().runAfterChange({ cluster: clusterArn("shop"), service }, by(caller));
    };

    await remove("web", "jo");
    await remove("api", "jo");
    await remove("jobs", "kim");
    await kept().run();

    assert.deepEqual(told(), ["GATE REMOVED: shop/web in prod", "GATE REMOVED: shop/jobs in prod"]);
    assert.match(kept().keeper.messages[0]?.text ?? "", /by jo at 2026-11-27T08:10:00Z/);
    assert.equal(kept().keeper.counted.get("GateRemoved"), 3);
  });

  it("tells of a removal by the same caller if the message about the one before could not be sent", async () => {
    for (const name of ["web", "api"]) ecs().put("shop", name, { hooks: [gateHook()] });
    await kept().run();
    const by = { caller: "jo", at: "2026-11-27T08:10:00Z", program: undefined };
    const remove = async (name: string) => {
      const service = ecs().put("shop", name);
      await kept().runAfterChange({ cluster: clusterArn("shop"), service }, by);
    };
    kept().world.topicFails = true;
    await remove("web");
    kept().world.topicFails = false;

    await remove("api");
    await kept().run();

    assert.deepEqual(told(), ["GATE REMOVED: shop/api in prod", "GATE REMOVED: shop/web in prod"]);
    kept().errorsAre(/could not be told/);
  });

  it("tells of each removal, whichever of Lambda's environments saw the gate attached again", async () => {
    const ledger = memoryLedger();
    const others = [1, 2].map(() => testKeeper(ecs(), kept().world, {}, ledger));
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
    await kept().run();
    for (const name of names) ecs().put("shop", name);

    await kept().run();

    assert.deepEqual(told(), ["GATE REMOVED: 12 services in prod"]);
    assert.match(kept().keeper.messages[0]?.text ?? "", /\nCount +7 more/);
    assert.equal(kept().keeper.counted.get("GateRemoved"), 12);
  });

  it("tells people without the caller if CloudTrail cannot be asked", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });
    await kept().run();
    take();
    kept().world.removers = "fails";

    await kept().run();

    assert.match(kept().keeper.messages[0]?.text ?? "", /who did it is not in CloudTrail yet/);
    kept().errorsAre(/^CloudTrail could not be asked/);
  });

  it("tries the message again at the next run if it could not be sent", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });
    await kept().run();
    take();
    kept().world.topicFails = true;
    await kept().run();
    kept().world.topicFails = false;

    await kept().run();

    assert.deepEqual([told().length, kept().updated()], [1, []]);
    kept().errorsAre(/could not be told/);
  });

  it("attaches to a new service of the same name", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });
    await kept().run();
    const web = ecs().put("shop", "web", { createdAt: new Date("2026-11-01T00:00:00Z") });

    await kept().run();

    assert.deepEqual([kept().updated(), told()], [[web], []]);
  });
});
