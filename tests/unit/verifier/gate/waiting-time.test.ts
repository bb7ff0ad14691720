import assert from "node:assert/strict";
import { hookCall, inconclusive, testGate } from "../../../support/gate";

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
      const gate = testGate({ ...inconclusive, environment: { onInconclusive: "deny" } });

      const answer = await gate.call(hookCall("PRE_SCALE_UP", details));

      assert.equal(answer.hookStatus, "IN_PROGRESS");
      assert.equal(answer.callBackDelay, 5);
    });
  }

  it("ends where ECS does not keep the details: the ledger knows the first call", async () => {
    const gate = testGate({ ...inconclusive, environment: { onInconclusive: "deny" } });

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
