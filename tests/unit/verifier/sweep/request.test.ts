import assert from "node:assert/strict";
import { parseSweepRequest, SCHEDULED_TIME, sweepRequest } from "../../../../verifier/src/sweep/request";

const RUN = "2026-11-27T12:00:00Z";

describe("the request for a sweep", () => {
  it("is read as EventBridge Scheduler writes it, and as the function invokes itself", () => {
    const scheduled = JSON.parse(JSON.stringify(sweepRequest(SCHEDULED_TIME)).replace(SCHEDULED_TIME, RUN));

    assert.deepEqual(parseSweepRequest(scheduled), { ecsImageVerification: "sweep", run: RUN });
    assert.deepEqual(parseSweepRequest(sweepRequest(RUN)), scheduled);
  });

  it("may name its run to the millisecond, as programs write times", () => {
    assert.equal(parseSweepRequest(sweepRequest("2026-11-27T12:00:00.000Z"))?.run, "2026-11-27T12:00:00.000Z");
  });

  for (const [title, event] of [
    ["nothing", undefined],
    ["a schedule without the time filled in", sweepRequest(SCHEDULED_TIME)],
    ["a request without a run", { ecsImageVerification: "sweep" }],
    ["a request for something else", { ecsImageVerification: "report", run: RUN }],
    ["a request with more than is known", { ...sweepRequest(RUN), mode: "enforce" }],
    ["a run that is no time", sweepRequest("latest")],
    ["a check of a deployment", { check: "deployment", settings: "c0ffee" }],
    ["an event of EventBridge", { source: "aws.ecs", detail: {} }],
  ] as const) {
    it(`is not ${title}`, () => {
      assert.equal(parseSweepRequest(event), undefined);
    });
  }
});
