import assert from "node:assert/strict";
import { toMilestone } from "../../../../verifier/src/reporting/ledger/group-number";
import { formatMessage } from "../../../../verifier/src/reporting/message";
import { toGroup } from "../../../../verifier/src/reporting/message-group";
import { errorNames } from "../../../support/async-invocation";
import { signed, testDetector, unsigned } from "../../../support/detector";
import { launchOf, recordWith } from "../../../support/launch";
import {
  type EventChanges,
  OTHER_DIGEST,
  runningEvent,
  stoppedEvent,
  TASK,
  TASK_DEFINITION,
} from "../../../support/launch-events";

const group = "service:checkout";
const taskNumber = (number: number) => TASK.slice(0, -4) + String(number).padStart(4, "0");

/** A detector whose every image is denied, after so many tasks of a crash loop. */
async function afterLoop(tasks: number, changes: EventChanges = { group }) {
  const detector = testDetector();
  detector.finds(() => unsigned());
  for (let number = 0; number < tasks; number += 1) {
    await detector.handle(stoppedEvent({ taskArn: taskNumber(number), ...changes }));
  }
  return detector;
}

describe("a crash loop", () => {
  it("is told the 1st, 10th and 100th time, with the number and since when, and each time in an event", async () => {
    const { seen } = await afterLoop(120);

    assert.deepEqual(
      seen.messages.map(({ count, countedSince }) => [count, countedSince]),
      [1, 10, 100].map((count) => [count, "2026-06-15T12:00:00.000Z"]),
    );
    assert.equal(seen.events.length, 120);
    assert.deepEqual(
      seen.events.flatMap(({ count }) => count ?? []),
      [1, 10, 100],
    );
    const last = seen.messages[2];
    assert.match(
      last === undefined ? "" : formatMessage(last).text,
      /^Count {5}number 100 since 2026-06-15T12:00:00.000Z with the same service \(checkout\), /m,
    );
  });

  it("is counted afresh in the next hour", async () => {
    const detector = await afterLoop(3);
    await detector.clock.pass(60 * 60_000);

    await detector.handle(stoppedEvent({ group, taskArn: taskNumber(4) }));

    assert.deepEqual(
      detector.seen.messages.map(({ count }) => count),
      [1, 1],
    );
  });

  it("does not count a task twice whose events come several times", async () => {
    const detector = await afterLoop(9);

    for (const _ of [1, 2, 3]) await detector.handle(stoppedEvent({ group, taskArn: taskNumber(8) }));
    assert.equal(detector.seen.messages.length, 1);
    await detector.handle(stoppedEvent({ group, taskArn: taskNumber(9) }));

    assert.equal(detector.seen.messages[1]?.count, 10);
  });

  it("loses no message that could not be sent: its number is kept, and it is sent with the next attempt", async () => {
    const sent: (number | undefined)[] = [];
    let isBroken = true;
    const detector = testDetector({
      delivery: {
        putEvent: async () => {},
        announce: async () => {},
        notify: async ({ count }) => {
          if (isBroken) throw new Error("SNS is down");
          sent.push(count);
        },
      },
    });
    detector.finds(() => unsigned());

    const invocation = await detector.invoke(stoppedEvent({ group }), {
      beforeAttempt: async (attempt) => {
        if (attempt !== 2) return;
        await detector.handle(stoppedEvent({ group, taskArn: taskNumber(2) }));
        isBroken = false;
      },
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(sent, [1]);
  });
});

describe("what messages are grouped by", () => {
  const record = recordWith({}, { launch: launchOf({ group }) });

  it("is cluster, service, digest, code and response: a task that goes on running is news", () => {
    const groups = [
      record,
      { ...record, cluster: `${record.cluster}-2` },
      { ...record, service: "billing" },
      { ...record, digest: OTHER_DIGEST },
      { ...record, code: "signature-revoked" as const },
      { ...record, response: "budget-used-up" as const },
    ].map(toGroup);

    assert.equal(new Set(groups).size, 6);
  });

  it("is not the task, the container, the revision or what the explanation says", () => {
    const other = {
      ...record,
      task: `${record.task}0`,
      container: "proxy",
      taskDefinition: `${record.taskDefinition}0`,
      detail: "x",
      image: "y",
    };

    assert.equal(toGroup(other), toGroup(record));
  });

  it("is the family without a service, and the reference without a digest", () => {
    const { service: _, digest: _digest, ...without } = record;

    const groups = [without, { ...without, family: "other" }, { ...without, image: "other" }].map(toGroup);

    assert.equal(new Set(groups).size, 3);
  });
});

describe("the group of a trusted image", () => {
  it("is not counted", async () => {
    const detector = testDetector();
    detector.finds(() => signed());

    await detector.handle(runningEvent({ taskDefinitionArn: TASK_DEFINITION }));

    assert.deepEqual(
      detector.seen.events.map(({ count }) => count),
      [undefined],
    );
  });
});

describe("a milestone", () => {
  it("is the highest power of ten up to a number", () => {
    const numbers = [1, 2, 9, 10, 11, 99, 100, 999, 1000, 123_456];

    assert.deepEqual(numbers.map(toMilestone), [1, 1, 1, 10, 10, 10, 100, 100, 1000, 100_000]);
  });
});
