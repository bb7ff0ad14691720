import assert from "node:assert/strict";
import { plannedResponse } from "../../../../verifier/src/detector/planned-response";

const SERVICE_TASK = { group: "service:checkout" };
const LONE_TASK = { group: "family:nightly" };

describe("the planned response to a launch", () => {
  it("is nothing when it is trusted, be it of a service or not", () => {
    assert.deepEqual(plannedResponse(SERVICE_TASK, "trusted"), { action: "none" });
    assert.deepEqual(plannedResponse(LONE_TASK, "trusted"), { action: "none" });
  });

  it("is to judge it again when it is inconclusive, and to touch neither task nor service", () => {
    assert.deepEqual(plannedResponse(SERVICE_TASK, "inconclusive"), { action: "retry" });
    assert.deepEqual(plannedResponse(LONE_TASK, "inconclusive"), { action: "retry" });
  });

  it("is to stop a denied task that no service started", () => {
    assert.deepEqual(plannedResponse(LONE_TASK, "denied"), { action: "stop-task" });
  });

  it("is to roll the service back as well when the denied task is of one", () => {
    assert.deepEqual(plannedResponse(SERVICE_TASK, "denied"), {
      action: "roll-back-and-stop-task",
      service: "checkout",
    });
  });

  it("is to stop a denied task whose group is missing, names no service, or only looks like one", () => {
    for (const launch of [{}, { group: "service:" }, { group: "my-service:checkout" }, { group: "family:service:a" }]) {
      assert.deepEqual(plannedResponse(launch, "denied"), { action: "stop-task" });
    }
  });
});
