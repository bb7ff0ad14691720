// ECS is the stand-in of tests/support/fake-ecs.ts, over HTTP: moto 5.2.5 knows no lifecycle hooks.
import assert from "node:assert/strict";
import { type ChangeHooks, createChangeHooks } from "../../verifier/src/gate/attachment/change-hooks";
import { planAttachment, planDetachment } from "../../verifier/src/gate/attachment/plan";
import { UnexpectedHooksError } from "../../verifier/src/gate/attachment/unexpected-hooks-error";
import type { GateHook } from "../../verifier/src/gate/hook";
import { type TestClock, testClock } from "../support/clock";
import { clusterArn, useFakeEcs } from "../support/fake-ecs";
import { AUDIT, GATE, gateHook, otherHook, PAUSE_HOOK } from "../support/gate-hooks";

describe("AWS: changing the hooks of a service", () => {
  const ecs = useFakeEcs();
  let clock: TestClock;
  let change: ChangeHooks;
  beforeEach(() => {
    clock = testClock(new Date("2026-11-27T08:00:00Z"));
    change = createChangeHooks({ ecs: ecs().client, now: clock.now, pause: clock.pass });
  });
  const reference = (service: string) => ({ cluster: clusterArn("shop"), service });
  const attach = (service: string, gate: GateHook = GATE) => change(reference(service), gate, planAttachment);
  const detach = (service: string) => change(reference(service), GATE, planDetachment);

  it("attaches ours beside those of others, which arrive as they were, and sends nothing else", async () => {
    const others = [otherHook(), PAUSE_HOOK];
    const web = ecs().put("shop", "web", { hooks: others });

    const result = await attach(web);

    assert.deepEqual(ecs().hooksOf(web), [...others, gateHook()]);
    assert.equal(result.result, "changed");
    const update = ecs().calls.find(({ operation }) => operation === "UpdateService");
    assert.deepEqual(update?.input, {
      cluster: clusterArn("shop"),
      service: web,
      deploymentConfiguration: { lifecycleHooks: [...others, gateHook()] },
    });
    assert.deepEqual(ecs().configurationOf(web), {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      lifecycleHooks: [...others, gateHook()],
    });
  });

  it("takes only ours away, and sends an empty list if none is left", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook(), gateHook(), PAUSE_HOOK] });
    const api = ecs().put("shop", "api", { hooks: [gateHook()] });

    await detach(web);
    await detach(api);

    assert.deepEqual(ecs().updates(), [
      { service: web, hooks: [otherHook(), PAUSE_HOOK] },
      { service: api, hooks: [] },
    ]);
  });

  it("makes no call when it is done already", async () => {
    const web = ecs().put("shop", "web");
    await attach(web);
    await attach(web);

    assert.deepEqual([(await attach(web)).result, ecs().updates().length], ["unchanged", 1]);
    await detach(web);
    assert.deepEqual([(await detach(web)).result, ecs().updates().length], ["unchanged", 2]);
  });

  it("decides by what the service is just before, and leaves one that is gone or being deployed", async () => {
    const web = ecs().put("shop", "web", { deployments: [{ status: "PRIMARY", rolloutState: "IN_PROGRESS" }] });

    assert.deepEqual(await attach(web), { result: "skipped", reason: "deployment-in-progress" });
    assert.deepEqual(await attach("gone"), { result: "skipped", reason: "not-found" });
    assert.deepEqual(await change({ cluster: "gone", service: "web" }, GATE, planAttachment), {
      result: "skipped",
      reason: "not-found",
    });
    assert.deepEqual(ecs().updates(), []);
  });

  it("updates one service a second", async () => {
    const began = clock.now();
    const times: number[] = [];
    ecs().before(({ operation }) => operation === "UpdateService" && times.push(clock.now() - began));

    for (const name of ["one", "two", "three"]) await attach(ecs().put("shop", name));

    assert.deepEqual(times, [0, 1000, 2000]);
  });

  it("reads again for some seconds while ECS still shows what was before", async () => {
    const web = ecs().put("shop", "web");
    ecs().lag(4);

    const result = await attach(web);

    assert.equal(result.result, "changed");
    assert.equal(ecs().updates().length, 1);
  });

  it("stops with before, written and now if ECS never shows what was written", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook()] });
    ecs().lag(100);

    await assert.rejects(attach(web), (error) => {
      assert.ok(error instanceof UnexpectedHooksError);
      assert.deepEqual(error.before, [otherHook()]);
      assert.deepEqual(error.expected, [otherHook(), gateHook()]);
      assert.deepEqual(error.after, [otherHook()]);
      assert.match(
        error.message,
        /^shop\/web has other lifecycle hooks than were written.*\nBefore: .*canary.*\nWritten: .*gate:live.*\nNow: /,
      );
      return true;
    });
  });

  it("takes the same hooks in another order for the same", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook("one"), otherHook("two")] });
    ecs().storing((hooks) => hooks.toReversed());

    assert.equal((await attach(web)).result, "changed");
  });

  const differences: Readonly<Record<string, Parameters<ReturnType<typeof ecs>["storing"]>[0]>> = {
    "a hook of others is lost": (hooks) => hooks.slice(1),
    "the details of a hook of others are lost": (hooks) => hooks.map(({ hookDetails: _, ...hook }) => hook),
    "the timeout of a hook of others is another": (hooks) =>
      hooks.map((hook) =>
        hook.timeoutConfiguration
          ? { ...hook, timeoutConfiguration: { timeoutInMinutes: 8, action: "CONTINUE" } }
          : hook,
      ),
    "ours is there twice": (hooks) => [...hooks, gateHook()],
    "ours has another role": (hooks) => hooks.map((hook) => ({ ...hook, roleArn: otherHook().roleArn })),
  };
  for (const [what, storing] of Object.entries(differences)) {
    it(`stops if afterwards ${what}`, async () => {
      const web = ecs().put("shop", "web", { hooks: [otherHook("one"), otherHook("two")] });
      ecs().storing(storing);

      await assert.rejects(attach(web), UnexpectedHooksError);
    });
  }

  it("takes what ECS adds to ours for no difference", async () => {
    const web = ecs().put("shop", "web");
    ecs().storing((hooks) =>
      hooks.map((hook) => ({ ...hook, timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" } })),
    );

    assert.equal((await attach(web)).result, "changed");
  });

  describe("in audit", () => {
    const refusing = (type: string, message: string) =>
      ecs().fail(({ operation, input }) =>
        operation === "UpdateService" && JSON.stringify(input).includes('"timeoutInMinutes":15')
          ? { type, message }
          : undefined,
      );

    for (const type of ["InvalidParameterException", "ClientException"]) {
      it(`tries again without the timeout, a second later, if ECS refuses it with ${type}`, async () => {
        const web = ecs().put("shop", "web", { hooks: [otherHook()] });
        refusing(type, "timeoutConfiguration is only supported for PAUSE hooks");
        const began = clock.now();

        const result = await attach(web, AUDIT);

        assert.equal(result.result, "changed");
        assert.deepEqual(ecs().hooksOf(web), [otherHook(), gateHook()]);
        assert.deepEqual([ecs().updates().length, clock.now() - began], [2, 1000]);
      });
    }

    it("does not try again after another refusal", async () => {
      const web = ecs().put("shop", "web");
      refusing("InvalidParameterException", "The role cannot be assumed");

      await assert.rejects(attach(web, AUDIT), { name: "InvalidParameterException" });
      assert.equal(ecs().updates().length, 1);
    });

    it("stops if ECS refuses the timeout of a hook of others: it is not ours to drop", async () => {
      const web = ecs().put("shop", "web", { hooks: [otherHook()] });
      ecs().fail(({ operation }) =>
        operation === "UpdateService"
          ? { type: "InvalidParameterException", message: "Invalid timeoutConfiguration" }
          : undefined,
      );

      await assert.rejects(attach(web), { name: "InvalidParameterException" });
      assert.equal(ecs().updates().length, 1);
    });
  });
});
