import assert from "node:assert/strict";
import { handlePostponed } from "../../../../verifier/src/detector/postponed";
import { testClock } from "../../../support/clock";
import { testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, IMAGE, runningEvent } from "../../../support/launch-events";
import { failedWith } from "../verification/facts";

const SLOW = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/slow:1";
const OTHER = `sha256:${"d".repeat(64)}`;

/**
 * The default deadline. A container whose registry does not answer within it keeps the denial of the container beside it
 * waiting, three times.
 */
function scene() {
  const clock = testClock(EVENT_TIME);
  const stoppedAt: number[] = [];
  const detector = testDetector({
    clock,
    settings: { verificationTimeoutSeconds: 20 },
    respond: async (_launch, status) => {
      if (status !== "denied") return { state: "done", outcome: "none", now: false };
      stoppedAt.push((clock.now() - EVENT_TIME.getTime()) / 1000);
      return { state: "done", outcome: "stopped", now: true };
    },
  });
  const remainingMs = () => 120_000 - (clock.now() - EVENT_TIME.getTime());
  detector.finds(({ reference }) => {
    if (!reference.includes("slow")) return unsigned();
    clock.pass(20_000);
    return failedWith({ stage: "resolve", kind: "unavailable", detail: "still failing when the deadline came" });
  });
  const event = runningEvent({
    containers: [
      { name: "web", image: IMAGE, imageDigest: `sha256:${"a".repeat(64)}` },
      { name: "slow", image: SLOW, imageDigest: OTHER },
    ],
  });
  return { clock, detector, event, remainingMs, stoppedAt };
}

describe("a denied container beside one whose registry does not answer", () => {
  it("has the task stopped after one verification, not after three and their pauses", async () => {
    const { detector, event, remainingMs, stoppedAt } = scene();

    await detector.handle(event, remainingMs);

    assert.equal(stoppedAt.length, 1);
    assert.ok((stoppedAt[0] ?? 0) <= 20, `stopped ${stoppedAt[0]} s after the event`);
  });

  it("does not keep one of the two workers of the postponed stops for a minute", async () => {
    const { clock, detector, event, remainingMs } = scene();

    await handlePostponed(
      detector,
      [{ eventSource: "aws:sqs", messageId: "m", body: JSON.stringify(event) }],
      remainingMs,
    );

    const took = (clock.now() - EVENT_TIME.getTime()) / 1000;
    assert.ok(took <= 20, `${took} s`);
  });
});
