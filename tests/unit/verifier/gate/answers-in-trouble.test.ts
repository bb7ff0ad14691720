import assert from "node:assert/strict";
import { CLUSTER, denied, hookCall, running, testGate } from "../../../support/gate";

describe("the gate while something is wrong", () => {
  it("waits for a target that cannot be read, and then does what the environment does", async () => {
    const gate = testGate({
      environment: { onInconclusive: "deny" },
      readTarget: async () => {
        throw new Error("ThrottlingException");
      },
    });

    const first = await gate.call(hookCall());
    await gate.clock.pass(150_000);
    const last = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }));

    assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", "FAILED"]);
  });

  it("waits where ECS cannot say what runs, since it may be the way back, and then refuses", async () => {
    const gate = testGate({
      ...denied,
      readDeployment: async () => {
        throw new Error("ThrottlingException");
      },
    });

    const first = await gate.call(hookCall());
    await gate.clock.pass(150_000);
    const last = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }));

    assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", "FAILED"]);
  });

  it("is not slow: a container that takes too long waits, and a denial beside it counts at once", async () => {
    const slow = testGate({ verdicts: { web: {} }, judge: () => new Promise(() => {}), judgeLimitMs: 5 });
    const { judge } = testGate(denied).gate;
    const both = testGate({
      verdicts: { web: {}, log: {} },
      judge: (subject) => (subject.container === "log" ? new Promise(() => {}) : judge(subject)),
      judgeLimitMs: 5,
    });

    assert.equal((await slow.call(hookCall())).hookStatus, "IN_PROGRESS");
    assert.equal((await both.call(hookCall())).hookStatus, "FAILED");
  });

  it("answers in time, whatever hangs: a read, or a delivery", async () => {
    const reading = testGate({ readTarget: () => new Promise(() => {}) });
    const telling = testGate({
      ...denied,
      delivery: { putEvent: () => new Promise(() => {}), notify: async () => {}, announce: async () => {} },
    });

    assert.equal((await reading.call(hookCall(), { limitMs: 5 })).hookStatus, "IN_PROGRESS");
    assert.equal((await telling.call(hookCall(), { limitMs: 50 })).hookStatus, "FAILED");
  });

  it("records nothing of an answer that came too late to be given", async () => {
    const { judge } = testGate(denied).gate;
    let goOn = () => {};
    const held = new Promise<void>((release) => {
      goOn = release;
    });
    const gate = testGate({
      ...denied,
      judge: async (subject) => {
        await held;
        return judge(subject);
      },
    });

    const given = await gate.call(hookCall(), { limitMs: 5 });
    goOn();
    await new Promise((done) => setImmediate(done));

    assert.equal(given.hookStatus, "IN_PROGRESS");
    assert.deepEqual([gate.seen.events, gate.seen.messages, gate.seen.outcomes], [[], [], []]);
  });

  it("answers although nothing can be recorded", async () => {
    const fails = async () => {
      throw new Error("no such bus");
    };
    const gate = testGate({ ...denied, delivery: { putEvent: fails, notify: fails, announce: fails } });

    assert.equal((await gate.call(hookCall())).hookStatus, "FAILED");
    assert.ok(gate.seen.failures.length > 0);
  });

  for (const [mode, onInconclusive, expected] of [
    ["audit", "alert", "SUCCEEDED"],
    ["audit", "deny", "SUCCEEDED"],
    ["enforce", "alert", "SUCCEEDED"],
    ["enforce", "deny", "FAILED"],
  ] as const) {
    it(`cannot start, ${mode}, on inconclusive ${onInconclusive}: waits, then ${expected}`, async () => {
      const gate = testGate({ environment: { mode, onInconclusive } });
      const start = () => {
        throw new Error("settings.json: not there");
      };

      const first = await gate.call(hookCall(), { start });
      await gate.clock.pass(150_000);
      const last = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }), { start });

      assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", expected]);
      assert.match(String(gate.seen.failures), /could not be judged/);
    });
  }
});

describe("the gate, once it knows of a denial", () => {
  const never = () => new Promise<never>(() => {});

  it("waits where ECS cannot be asked whether it goes back itself, also before a detector that enforces", async () => {
    const gate = testGate({ ...denied, settings: { mode: "enforce" }, readDeployment: never, readLimitMs: 5 });

    const first = await gate.call(hookCall());
    await gate.clock.pass(150_000);
    const last = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }));

    assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", "FAILED"]);
  });

  for (const [what, options] of [
    ["what runs", { readRunning: never }],
    ["the openings", { findOpening: never }],
    ["the service deployment", { readDeployment: never, readLimitMs: 5 }],
  ] as const) {
    it(`waits and then refuses while ${what} cannot be found out, and never lets it through`, async () => {
      const gate = testGate({ ...denied, ...running, ...options });

      const first = await gate.call(hookCall(), { limitMs: 200 });
      await gate.clock.pass(150_000);
      const last = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: first.hookDetails }), { limitMs: 200 });

      assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", "FAILED"]);
    });
  }

  it("refuses at once where only the owner for the message cannot be found out", async () => {
    const gate = testGate({ ...denied, ownerOf: never });

    assert.deepEqual(await gate.call(hookCall(), { limitMs: 200 }), { hookStatus: "FAILED" });
    assert.equal(gate.seen.messages.length, 1);
  });

  it("lets the way back through at the second stage as at the first, when the old tasks are gone", async () => {
    let tasks = running.running;
    const gate = testGate({ ...denied, ...running, readRunning: async () => tasks });

    const before = await gate.call(hookCall());
    tasks = [];
    const after = await gate.call(hookCall("POST_SCALE_UP"));
    const another = await gate.call(hookCall("POST_SCALE_UP", { resourceArn: `${hookCall().resourceArn}9` }));

    assert.deepEqual(
      [before, after, another].map(({ hookStatus }) => hookStatus),
      ["SUCCEEDED", "SUCCEEDED", "FAILED"],
    );
  });

  it("knows a service whose ARN is of the old format, by the ARN of its deployment", async () => {
    const { executionDetails } = hookCall();
    const serviceArn = "arn:aws:ecs:eu-west-1:111122223333:service/checkout";
    const gate = testGate(denied);

    const answer = await gate.call(hookCall("PRE_SCALE_UP", { executionDetails: { ...executionDetails, serviceArn } }));

    assert.deepEqual([answer, gate.seen.events[0]?.cluster], [{ hookStatus: "FAILED" }, CLUSTER]);
  });
});
