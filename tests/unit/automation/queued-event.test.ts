import assert from "node:assert/strict";
import { readQueuedEvent } from "../../../automation/queued-event";
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

  for (const body of ["", "null", "[]", "{}", '{"requestContext":{"condition":"x"}}', JSON.stringify(runningEvent())]) {
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
