import assert from "node:assert/strict";
import type { GateEnvironment } from "../../../../verifier/src/gate/environment";
import type { Opening } from "../../../../verifier/src/orders/opening";
import type { ReasonCode } from "../../../../verifier/src/verification/verdict";
import { CLUSTER, hookCall, revisionWith, SERVICE, type TestGateOptions, testGate } from "../../../support/gate";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";

const OPENING: Opening = {
  kind: "open",
  id: "8f14e45f-ceea-467f-a8b3-1f2c3d4e5f60",
  service: SERVICE,
  from: "2026-06-15T11:00:00.000Z",
  until: "2026-06-15T13:00:00.000Z",
  owner: "payments",
  reason: "hotfix, signing is down",
};

const of = (code: ReasonCode) => ({ verdicts: { web: { code } } });
const denied = of("no-signature");
const inconclusive = of("signer-unavailable");
const audit: TestGateOptions = { environment: { mode: "audit" } };
const deny: Partial<GateEnvironment> = { onInconclusive: "deny" };
const running = { running: [revisionWith({ web: DIGEST })] };

/** What is asked, after how many seconds of waiting, and the answer with the recorded outcome. */
const TABLE: readonly (readonly [what: string, options: TestGateOptions, waited: number, answer: string])[] = [
  ["trusted", of("signature-valid"), 0, "SUCCEEDED none"],
  ["exempt", of("exempted"), 0, "SUCCEEDED none"],
  ["denied", denied, 0, "FAILED refused"],
  ["denied, audit", { ...denied, ...audit }, 0, "SUCCEEDED audited"],
  [
    "denied, audit, but this service is enforced",
    { ...denied, environment: { mode: "audit", enforced: [SERVICE] } },
    0,
    "FAILED refused",
  ],
  [
    "denied, audit, but this cluster is enforced",
    { ...denied, environment: { mode: "audit", enforced: [CLUSTER] } },
    0,
    "FAILED refused",
  ],
  [
    "denied, audit, another service is enforced",
    { ...denied, environment: { mode: "audit", enforced: [`${SERVICE}-api`] } },
    0,
    "SUCCEEDED audited",
  ],
  ["denied, first deployment", { ...denied, deployment: { isFirst: true } }, 0, "FAILED refused-first-deployment"],
  ["one of two denied", { verdicts: { web: { code: "signature-valid" }, log: {} } }, 0, "FAILED refused"],
  [
    "denied beside inconclusive: does not wait",
    { verdicts: { web: {}, log: { code: "signer-unavailable" } } },
    0,
    "FAILED refused",
  ],
  ["inconclusive", inconclusive, 0, "IN_PROGRESS waiting"],
  ["inconclusive, almost over", inconclusive, 149, "IN_PROGRESS waiting"],
  ["inconclusive, over, alert", inconclusive, 150, "SUCCEEDED none"],
  ["inconclusive, over, deny", { ...inconclusive, environment: deny }, 150, "FAILED refused"],
  [
    "inconclusive, over, deny, audit",
    { ...inconclusive, environment: { ...deny, mode: "audit" } },
    150,
    "SUCCEEDED audited",
  ],
  ["inconclusive, audit", { ...inconclusive, ...audit }, 0, "IN_PROGRESS waiting"],
  ["signing in progress", of("signing-in-progress"), 0, "IN_PROGRESS waiting"],
  ["signing in progress, over: no signature", of("signing-in-progress"), 150, "FAILED refused"],
  ["denied, and the same runs already", { ...denied, ...running }, 0, "SUCCEEDED already-running"],
  ["denied, audit, and the same runs already", { ...denied, ...audit, ...running }, 0, "SUCCEEDED audited"],
  ["denied, another digest runs", { ...denied, running: [revisionWith({ web: OTHER_DIGEST })] }, 0, "FAILED refused"],
  [
    "denied, it runs in another container",
    { ...denied, running: [revisionWith({ api: DIGEST })] },
    0,
    "FAILED refused",
  ],
  ["denied, only one of two runs already", { verdicts: { web: {}, log: {} }, ...running }, 0, "FAILED refused"],
  ["denied without a digest, something runs", { verdicts: { web: { digest: "" } }, ...running }, 0, "FAILED refused"],
  ["revoked, and it runs already", { ...of("signature-revoked"), ...running }, 0, "FAILED refused"],
  ["blocked, and it runs already", { ...of("digest-blocked"), ...running }, 0, "FAILED refused"],
  [
    "denied beside revoked, and both run already",
    {
      verdicts: { web: {}, log: { code: "signature-revoked" } },
      running: [revisionWith({ web: DIGEST, log: DIGEST })],
    },
    0,
    "FAILED refused",
  ],
  [
    "denied, it runs already, but the detector enforces",
    { ...denied, ...running, settings: { mode: "enforce" } },
    0,
    "FAILED refused",
  ],
  [
    "denied, it runs already, the detector enforces in other clusters",
    { ...denied, ...running, settings: { mode: "enforce" }, environment: { watchedClusters: [`${CLUSTER}-2`] } },
    0,
    "SUCCEEDED already-running",
  ],
  ["denied, the gate is open", { ...denied, opening: OPENING }, 0, "SUCCEEDED opened"],
  ["blocked, the gate is open", { ...of("digest-blocked"), opening: OPENING }, 0, "FAILED refused"],
  ["inconclusive, over, deny, open", { ...inconclusive, environment: deny, opening: OPENING }, 150, "SUCCEEDED opened"],
  ["denied, ECS rolls back", { ...denied, deployment: { isRollingBack: true } }, 0, "SUCCEEDED"],
];

/** A deployment that was created before the wait began. */
function waitingFor(seconds: number, stage: string, now: number) {
  if (seconds === 0) return {};
  const since = new Date(now - seconds * 1000).toISOString();
  const deployment = hookCall().resourceArn;
  return { hookDetails: { theirs: 1, ecsImageVerification: { deployment, stage, since } } };
}

describe("the answers of the gate", () => {
  for (const stage of ["PRE_SCALE_UP", "POST_SCALE_UP"]) {
    for (const [what, options, waited, expected] of TABLE) {
      it(`${stage}: ${what}${waited > 0 ? `, after ${waited} s` : ""}: ${expected}`, async () => {
        const deployment = { createdAt: 0, ...options.deployment };
        const gate = testGate({ ...options, deployment });

        const answer = await gate.call(hookCall(stage, waitingFor(waited, stage, gate.clock.now())));

        assert.equal([answer.hookStatus, ...gate.seen.outcomes].join(" "), expected);
        assert.deepEqual(gate.seen.failures, []);
      });
    }
  }

  for (const stage of [
    "RECONCILE_SERVICE",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
  ]) {
    it(`${stage}: nothing is judged, also where traffic goes back: SUCCEEDED`, async () => {
      const gate = testGate({ ...denied, readTarget: () => assert.fail("nothing must be read") });

      const answer = await gate.call(hookCall(stage));

      assert.deepEqual(answer, { hookStatus: "SUCCEEDED" });
      assert.deepEqual(gate.seen.warnings, []);
    });
  }

  it("a stage of a later ECS: SUCCEEDED with a warning", async () => {
    const gate = testGate(denied);

    assert.deepEqual(await gate.call(hookCall("PRE_DAWN")), { hookStatus: "SUCCEEDED" });
    assert.equal(gate.seen.warnings.length, 1);
  });

  it("understand the payload of the older page of the guide", async () => {
    const { executionDetails, ...rest } = hookCall();
    const gate = testGate(denied);

    assert.deepEqual(await gate.call({ ...rest, ...executionDetails }), { hookStatus: "FAILED" });
  });
});

describe("the gate while something is wrong", () => {
  it("waits for a target that cannot be read, and then does what the environment does", async () => {
    const gate = testGate({
      environment: deny,
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

describe("the time that a deployment waits", () => {
  const since = (seconds: number, changes: object = {}) => ({
    hookDetails: {
      ecsImageVerification: {
        deployment: hookCall().resourceArn,
        stage: "PRE_SCALE_UP",
        since: new Date(Date.parse("2026-06-15T12:00:00Z") + seconds * 1000).toISOString(),
        ...changes,
      },
    },
  });
  const forged: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["from before the deployment", since(-3600)],
    ["in the future", since(3600)],
    ["of another deployment", since(0, { deployment: `${hookCall().resourceArn}4` })],
    ["of another stage", since(0, { stage: "POST_SCALE_UP" })],
    ["that is no time", { hookDetails: { ecsImageVerification: { since: "yesterday" } } }],
    ["in text that is no JSON", { hookDetails: "{" }],
  ];
  for (const [what, details] of forged) {
    it(`begins with the first call where the details have a time ${what}`, async () => {
      const gate = testGate({ ...inconclusive, environment: deny });

      const answer = await gate.call(hookCall("PRE_SCALE_UP", details));

      assert.equal(answer.hookStatus, "IN_PROGRESS");
      assert.equal(answer.callBackDelay, 5);
    });
  }

  it("ends where ECS does not keep the details: the ledger knows the first call", async () => {
    const gate = testGate({ ...inconclusive, environment: deny });

    const first = await gate.call(hookCall());
    await gate.clock.pass(150_000);
    const last = await gate.call(hookCall());

    assert.deepEqual([first.hookStatus, last.hookStatus], ["IN_PROGRESS", "FAILED"]);
  });

  it("has calls that become rarer, and one at its end", async () => {
    const gate = testGate(inconclusive);
    const delays: (number | undefined)[] = [];
    let details: unknown = {};
    for (;;) {
      const answer = await gate.call(hookCall("PRE_SCALE_UP", { hookDetails: details }));
      if (answer.hookStatus !== "IN_PROGRESS") break;
      details = answer.hookDetails;
      delays.push(answer.callBackDelay);
      await gate.clock.pass((answer.callBackDelay ?? 0) * 1000);
    }

    assert.deepEqual(delays, [5, 5, 5, 8, 12, 18, 27, 30, 30, 10]);
  });
});
