import assert from "node:assert/strict";
import { ECSClient, StopTaskCommand } from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { handlePostponed } from "../../../../verifier/src/detector/postponed";
import { createResponder } from "../../../../verifier/src/detector/respond";
import { testClock } from "../../../support/clock";
import { settings, signed, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, OTHER_DIGEST, pendingEvent, runningEvent, TASK } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

const WINDOW_MS = 10 * 60_000;
const task = (n: number) => `${TASK.slice(0, -4)}000${n}`;

/** One stop in each window. */
async function scene() {
  const clock = testClock(EVENT_TIME);
  const ledger = memoryLedger(clock.now);
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  ecs.on(StopTaskCommand).resolves({});
  // One for the family.
  const given = { stopBudget: 2 };
  const respond = createResponder({ ecs: client, ledger, settings: settings(given), now: clock.now });
  const detector = testDetector({ settings: given, clock, ledger, respond });
  detector.finds(() => unsigned());
  const stopsOf = (arn: string) => ecs.commandCalls(StopTaskCommand).filter((c) => c.args[0].input.task === arn).length;
  const runQueue = async () => {
    await clock.pass(WINDOW_MS);
    const waiting = detector.seen.postponed.splice(0);
    const messages = waiting.map((e, i) => ({
      eventSource: "aws:sqs" as const,
      messageId: String(i),
      body: JSON.stringify(e),
    }));
    const { batchItemFailures } = await handlePostponed(detector, messages, () => 60_000);
    return { messages: messages.length, stay: batchItemFailures.length };
  };
  return { detector, stopsOf, runQueue, clock };
}

describe("a stop that waits, of a task whose image has a tag", () => {
  it("is made although the digest was denied meanwhile", async () => {
    const { detector, stopsOf, runQueue } = await scene();
    await detector.handle(runningEvent({ taskArn: task(1) })); // uses the family's budget
    for (const n of [2, 3]) {
      await detector.handle(pendingEvent({ taskArn: task(n) }));
      await detector.handle(runningEvent({ taskArn: task(n) }));
    }
    assert.equal(detector.seen.postponed.length, 2);
    const got = await runQueue();
    assert.deepEqual([got.messages, got.stay, stopsOf(task(2)) + stopsOf(task(3))], [2, 1, 1]);
  });

  it("is made although the tag has moved to a signed image meanwhile", async () => {
    const { detector, stopsOf, runQueue } = await scene();
    await detector.handle(runningEvent({ taskArn: task(1) }));
    await detector.handle(pendingEvent({ taskArn: task(2) }));
    await detector.handle(runningEvent({ taskArn: task(2), containers: [{ name: "web", imageDigest: OTHER_DIGEST }] }));
    detector.finds(({ reference }) => (reference.includes("@") ? unsigned(OTHER_DIGEST) : signed()));
    const got = await runQueue();
    assert.deepEqual([got.stay, stopsOf(task(2))], [0, 1]);
  });
});
