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

/**
 * "If the ledger cannot be reached, act and record anyway": `remember` gives up without an error then, and `verdictsOf`
 * says that nothing is known.
 */
describe("a stop that waits, where the tag has moved to a signed image and one call to the ledger fails", () => {
  for (const failing of ["remember", "verdictsOf"] as const) {
    it(`${failing}: is made, or goes on waiting`, async () => {
      const clock = testClock(EVENT_TIME);
      const ledger = memoryLedger(clock.now);
      let isDown = false;
      const client = new ECSClient({ region: "eu-west-1" });
      const ecs = mockClient(client);
      ecs.on(StopTaskCommand).resolves({});
      const given = { stopBudget: 2 };
      const shaky = {
        ...ledger,
        remember: async (...of: Parameters<typeof ledger.remember>) => {
          if (!isDown) await ledger.remember(...of);
        },
        verdictsOf: async (arn: string) => (isDown ? [] : ledger.verdictsOf(arn)),
      };
      const respond = createResponder({ ecs: client, ledger: shaky, settings: settings(given), now: clock.now });
      const detector = testDetector({ settings: given, clock, ledger: shaky, respond });
      detector.finds(() => unsigned());
      await detector.handle(runningEvent({ taskArn: task(1) }));
      await detector.handle(pendingEvent({ taskArn: task(2) }));
      isDown = failing === "remember";
      await detector.handle(
        runningEvent({ taskArn: task(2), containers: [{ name: "web", imageDigest: OTHER_DIGEST }] }),
      );
      detector.finds(({ reference }) => (reference.includes("@") ? unsigned(OTHER_DIGEST) : signed()));
      await clock.pass(WINDOW_MS);
      isDown = failing === "verdictsOf";

      const body = JSON.stringify(detector.seen.postponed[0]);
      const message = { eventSource: "aws:sqs", messageId: "m", body } as const;
      const { batchItemFailures } = await handlePostponed(detector, [message], () => 60_000);

      const stops = ecs.commandCalls(StopTaskCommand).filter((call) => call.args[0].input.task === task(2)).length;
      assert.ok(stops + batchItemFailures.length > 0, "the denied task runs on, and nothing waits for it any more");
    });
  }
});
