import assert from "node:assert/strict";
import { AccessDeniedException, ECSClient, InvalidParameterException, StopTaskCommand } from "@aws-sdk/client-ecs";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { createPostpone } from "../../../../verifier/src/detector/postpone";
import { handlePostponed, postponedMessages } from "../../../../verifier/src/detector/postponed";
import { createResponder } from "../../../../verifier/src/detector/respond";
import { errorNames } from "../../../support/async-invocation";
import { testClock } from "../../../support/clock";
import { settings, signed, signerDown, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, runningEvent, stoppedEvent, TASK } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

const WINDOW_MS = 10 * 60_000;
const FIRST = runningEvent({ taskArn: `${TASK.slice(0, -4)}0001` });
const EVENT = runningEvent();

/** A detector whose family has one stop in each window, which the first task takes. */
async function scene(stopBudget = 1) {
  const clock = testClock(EVENT_TIME);
  const ledger = memoryLedger(clock.now);
  const client = new ECSClient({ region: "eu-west-1" });
  const ecs = mockClient(client);
  ecs.on(StopTaskCommand).resolves({});
  const given = { stopBudget };
  const respond = createResponder({ ecs: client, ledger, settings: settings(given), now: clock.now });
  const detector = testDetector({ settings: given, clock, ledger, respond });
  detector.finds(() => unsigned());
  await detector.handle(FIRST);
  const message = { eventSource: "aws:sqs", messageId: "m", body: JSON.stringify(EVENT) } as const;
  return {
    detector,
    ecs,
    /** Whether the message stays in the queue. */
    fromQueue: async (body = message.body) => {
      const { batchItemFailures } = await handlePostponed(detector, [{ ...message, body }], () => 60_000);
      return batchItemFailures.length > 0;
    },
    responses: () => detector.seen.events.slice(1).map(({ response }) => response),
    counted: () => detector.seen.counted.filter((what) => /response/.test(what)).slice(1),
  };
}

describe("a task over budget", () => {
  it("waits in the queue, once for each window, with the alarm at the first, whatever events follow", async () => {
    const { detector, counted, responses } = await scene();

    for (const _ of [1, 2, 3]) await detector.handle(EVENT);

    assert.deepEqual(detector.seen.postponed, [EVENT]);
    assert.deepEqual([responses(), counted()], [["budget-used-up"], ["response budget-used-up"]]);
  });

  it("is stopped in the next window, and that is recorded and told as well", async () => {
    const { detector, fromQueue, responses } = await scene();
    await detector.handle(EVENT);
    await detector.clock.pass(WINDOW_MS);

    assert.equal(await fromQueue(), false);

    assert.deepEqual(responses(), ["budget-used-up", "stopped"]);
    assert.deepEqual(
      detector.seen.messages.slice(1).map(({ response }) => response),
      ["budget-used-up"],
      "the second stop of the group is counted, not told",
    );
    assert.equal(detector.seen.events[2]?.response, "stopped");
  });

  it("stays in the queue while it is over budget, adds no message there, and rings no more", async () => {
    const { detector, fromQueue, counted, responses } = await scene();
    await detector.handle(EVENT);
    await detector.clock.pass(WINDOW_MS);
    await detector.handle(runningEvent({ taskArn: `${TASK.slice(0, -4)}0002` }));

    assert.equal(await fromQueue(), true);

    assert.equal(detector.seen.postponed.length, 1);
    assert.equal(detector.seen.counted.filter((what) => what === "launch judged").length, 3);
    assert.deepEqual(counted(), ["response budget-used-up", "response stopped"]);
    assert.deepEqual(responses(), ["budget-used-up", "stopped"]);
  });

  it("is done when it has ended by itself, whether or not its last event was seen", async () => {
    for (const isSeen of [true, false]) {
      const { detector, ecs, fromQueue } = await scene();
      await detector.handle(EVENT);
      if (isSeen) await detector.handle(stoppedEvent());
      await detector.clock.pass(WINDOW_MS);
      const message = "The referenced task was not found.";
      ecs.on(StopTaskCommand).rejects(new InvalidParameterException({ message, $metadata: {} }));

      assert.equal(await fromQueue(), false);

      assert.equal(detector.seen.events.at(-1)?.response, "already-stopped");
    }
  });

  it("is done when its image is trusted by now", async () => {
    const { detector, fromQueue } = await scene();
    await detector.handle(EVENT);
    await detector.clock.pass(WINDOW_MS);
    detector.finds(() => signed());

    assert.equal(await fromQueue(), false);
  });

  it("stays, without an error of the function, while it cannot be judged or stopped", async () => {
    const { detector, ecs, fromQueue } = await scene();
    await detector.handle(EVENT);
    await detector.clock.pass(WINDOW_MS);
    detector.finds(() => signerDown());
    assert.equal(await fromQueue(), true);
    assert.equal(detector.seen.events.length, 2, "nothing is final");
    detector.finds(() => unsigned());
    ecs.on(StopTaskCommand).rejects(new AccessDeniedException({ message: "not allowed", $metadata: {} }));

    assert.equal(await fromQueue(), true);

    assert.match(detector.seen.failures.at(-1) ?? "", /retried in the next window: .*AccessDenied/);
  });

  it("waits again when it is given back from the failure queue", async () => {
    const { detector } = await scene();
    await detector.handle(EVENT);
    await detector.clock.pass(13 * WINDOW_MS);
    await detector.handle(runningEvent({ taskArn: `${TASK.slice(0, -4)}0003` }));

    await detector.handle(EVENT);

    assert.equal(detector.seen.postponed.length, 2);
  });

  it("is a failed response while the queue cannot be reached", async () => {
    const { detector } = await scene();
    let isBroken = true;
    const broken = testDetector({
      ...detector,
      settings: { stopBudget: 1 },
      postpone: async () => {
        if (isBroken) throw new Error("SQS is down");
      },
    });
    broken.finds(() => unsigned());

    const invocation = await broken.invoke(EVENT, {
      beforeAttempt: (attempt) => {
        isBroken = attempt === 1;
      },
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
  });
});

describe("a task that ECS does not find", () => {
  const notFound = () =>
    new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} });

  it("right after its launch is tried again, and stopped", async () => {
    const { detector, ecs, responses } = await scene(4);
    ecs.on(StopTaskCommand).rejects(notFound());

    const invocation = await detector.invoke(EVENT, {
      beforeAttempt: (attempt) => attempt === 2 && ecs.on(StopTaskCommand).resolves({}),
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(responses(), ["failed", "stopped"]);
  });

  it("and that ends meanwhile is done when ECS says so", async () => {
    const { detector, ecs, responses } = await scene(4);
    ecs.on(StopTaskCommand).rejects(notFound());

    const invocation = await detector.invoke(EVENT, {
      beforeAttempt: async (attempt) => attempt === 2 && detector.handle(stoppedEvent()),
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(responses(), ["failed", "already-stopped"]);
  });
});

describe("a budget of 0", () => {
  it("only alerts, and is done", async () => {
    const { detector, ecs, counted } = await scene(0);

    await detector.handle(EVENT);

    assert.deepEqual([detector.seen.postponed, ecs.calls().length], [[], 0]);
    assert.equal(detector.seen.events.at(-1)?.response, "alert-only");
    assert.deepEqual(counted(), ["response alert-only"]);
  });
});

describe("a batch of SQS", () => {
  it("is told from an event of ECS and from a request", () => {
    const record = { eventSource: "aws:sqs", messageId: "m", body: "{}", attributes: {} };

    assert.equal(postponedMessages({ Records: [record] })?.length, 1);
    for (const event of [EVENT, { check: "repositories" }, { Records: [] }, { Records: [{ eventSource: "aws:s3" }] }])
      assert.equal(postponedMessages(event), undefined);
  });

  it("leaves in the queue what is no event, so that it ends in the failure queue", async () => {
    const { fromQueue } = await scene();

    assert.deepEqual([await fromQueue("no JSON"), await fromQueue("{}")], [true, true]);
  });
});

describe("postponing", () => {
  it("sends the event as it came, to be seen when the window is over", async () => {
    const sqs = new SQSClient({ region: "eu-west-1" });
    const queue = mockClient(sqs);
    queue.on(SendMessageCommand).resolves({});
    const resources = { POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed" };

    await createPostpone({ sqs, resources })(EVENT);

    assert.deepEqual(queue.commandCalls(SendMessageCommand)[0]?.args[0].input, {
      QueueUrl: resources.POSTPONED_QUEUE_URL,
      DelaySeconds: 600,
      MessageBody: JSON.stringify(EVENT),
    });
  });
});
