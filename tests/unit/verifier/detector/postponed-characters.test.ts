import assert from "node:assert/strict";
import { ECSClient, StopTaskCommand } from "@aws-sdk/client-ecs";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { createPostpone } from "../../../../verifier/src/detector/postpone";
import { createResponder } from "../../../../verifier/src/detector/respond";
import { errorNames } from "../../../support/async-invocation";
import { testClock } from "../../../support/clock";
import { settings, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, runningEvent, TASK } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

/** Of what SQS refuses with InvalidMessageContents (API reference, SendMessage), the characters that JSON does not escape. */
const REFUSED = /[\ufffe\uffff]/;

describe("an event with characters that SQS refuses", () => {
  it("waits in the queue, and is the same when it comes back", async () => {
    const clock = testClock(EVENT_TIME);
    const ledger = memoryLedger(clock.now);
    const client = new ECSClient({ region: "eu-west-1" });
    const ecs = mockClient(client);
    ecs.on(StopTaskCommand).resolves({});
    const sqs = new SQSClient({ region: "eu-west-1" });
    const queued: string[] = [];
    mockClient(sqs)
      .on(SendMessageCommand)
      .callsFake(({ MessageBody }) => {
        if (REFUSED.test(MessageBody))
          throw Object.assign(new Error("Invalid characters found."), { name: "InvalidMessageContents" });
        queued.push(MessageBody);
        return {};
      });
    const postpone = createPostpone({
      sqs,
      resources: { POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/p" },
    });
    const given = { stopBudget: 1 };
    const respond = createResponder({ ecs: client, ledger, settings: settings(given), now: clock.now });
    const detector = testDetector({ settings: given, clock, ledger, respond, postpone });
    detector.finds(() => unsigned());
    await detector.handle(runningEvent({ taskArn: `${TASK.slice(0, -4)}0001` }));
    const overrides = { containerOverrides: [{ name: "web", environment: [{ name: "X", value: "\uffff" }] }] };
    const tasks = ["0002", "0003"].map((end) => runningEvent({ taskArn: TASK.slice(0, -4) + end, overrides }));

    for (const event of tasks) assert.deepEqual(errorNames(await detector.invoke(event)), ["ok"]);

    assert.deepEqual(
      queued.map((body) => JSON.parse(body)),
      tasks,
    );
  });
});
