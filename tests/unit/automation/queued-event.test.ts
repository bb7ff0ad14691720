import assert from "node:assert/strict";
import { readQueuedEvent } from "../../../automation/operations/queued-event";
import { runningEvent, TASK } from "../../support/launch-events";

const failed = (record: object) => readQueuedEvent("failure", { Body: JSON.stringify(record) });
const requestContext = { condition: "EventAgeExceeded" };

describe("a message of the failure queue", () => {
  it("holds the event unchanged, with fields that nobody knows", () => {
    const requestPayload = { ...runningEvent(), id: "1", more: { of: "it" } };

    const event = failed({ requestContext, requestPayload, responsePayload: null });

    assert.ok(event.kind === "event");
    assert.deepEqual(JSON.parse(event.payload), requestPayload);
    assert.deepEqual([event.id, event.launch.taskArn, event.why], ["1", TASK, "EventAgeExceeded"]);
  });

  it("holds the event itself after its time in the queue of postponed stops", () => {
    const postponed = { ...runningEvent(), id: "2" };

    const event = failed(postponed);

    assert.ok(event.kind === "event");
    assert.deepEqual(JSON.parse(event.payload), postponed);
    assert.deepEqual([event.id, event.launch.taskArn], ["2", TASK]);
    assert.match(event.why, /^the stop was postponed/);
  });

  it("names what is wrong with a plain event that cannot be judged", () => {
    const event = failed({ source: "aws.ecs", detail: {} });

    assert.ok(event.kind === "unusable");
    assert.match(event.problem, /^it is not the launch of a task: /);
  });

  for (const body of ["", "null", "[]", "{}", '{"requestContext":{"condition":"x"}}']) {
    it(`is unusable: ${body.slice(0, 40)}`, () => {
      assert.equal(readQueuedEvent("failure", { Body: body }).kind, "unusable");
    });
  }
});

describe("a message of the dead-letter queue", () => {
  it("holds the event itself; attributes may be missing", () => {
    const event = readQueuedEvent("dead-letter", { Body: JSON.stringify(runningEvent()) });

    assert.deepEqual([event.kind, event.why], ["event", "EventBridge does not say why"]);
  });
});
