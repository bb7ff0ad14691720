import assert from "node:assert/strict";
import type { AwsCall } from "../../../local/aws";
import { listEffects, messageAbout, responseTo } from "../../../local/demo/effects";
import { taskEvent } from "../../../local/demo/events";
import { parseLaunchEvent } from "../../../verifier/src/ecs/event";

const PLACE = { region: "eu-west-1", account: "111122223333" };
const TIME = new Date("2026-03-02T08:15:00Z");
const TASK = { family: "web", launchType: "EC2", lastStatus: "PENDING", version: 2, createdAt: TIME } as const;
const launch = parseLaunchEvent(taskEvent({ ...TASK, containers: [{ name: "web" }] }, PLACE, TIME));

const stop = (task: string): AwsCall => ({ operation: "ECS.StopTask", input: { task } });
const rollBack: AwsCall = { operation: "ECS.StopServiceDeployment", input: {} };
const message: AwsCall = {
  operation: "SNS.Publish",
  input: { Subject: "DENIED no-signature: web in demo", Message: "DENIED: no-signature" },
};
const event: AwsCall = { operation: "EventBridge.PutEvents", input: { Entries: [] } };

describe("what the demo says was done", () => {
  it("is what ECS was asked to do about this very task", () => {
    assert.equal(responseTo(launch, [event]), "none");
    assert.equal(responseTo(launch, [stop("arn:aws:ecs:eu-west-1:111122223333:task/demo/other")]), "none");
    assert.equal(responseTo(launch, [stop(launch.taskArn)]), "stopped");
    assert.equal(responseTo(launch, [rollBack, stop(launch.taskArn)]), "rolled-back-and-stopped");
  });

  it("finds the message about a container", () => {
    const text = "DENIED: no-signature";

    assert.deepEqual(messageAbout("web", [event, message]), { subject: "DENIED no-signature: web in demo", text });
    assert.equal(messageAbout("we", [message]), undefined);
  });

  it("counts the calls", () => {
    const calls = [stop("one"), stop("two"), rollBack, message, event, event, event];

    assert.deepEqual(listEffects(calls), { stops: 2, rollBacks: 1, messages: 1, events: 3 });
  });
});
