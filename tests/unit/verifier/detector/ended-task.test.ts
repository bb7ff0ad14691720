import assert from "node:assert/strict";
import type { LaunchContainer } from "../../../../verifier/src/ecs/launch";
import type { Ledger } from "../../../../verifier/src/reporting/ledger";
import { readEvent, type TaskEvent } from "../../../fixtures/ecs/read";
import { errorNames } from "../../../support/async-invocation";
import { testClock } from "../../../support/clock";
import {
  signed,
  signerDown,
  type TestDetector,
  type TestDetectorOptions,
  testDetector,
  unsigned,
} from "../../../support/detector";
import {
  DIGEST,
  EVENT_TIME,
  OTHER_DIGEST,
  pendingEvent,
  RUNTIME_ID,
  runningEvent,
  stoppedEvent,
} from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";

const group = "service:checkout";

/** Events, messages and calls of ECS, in short. */
function told({ seen }: TestDetector) {
  const short = ({ container, code, response }: (typeof seen.events)[number]) => `${container} ${code} ${response}`;
  return { events: seen.events.map(short), messages: seen.messages.map(short), stops: seen.responses.length };
}

function detectorThatFinds(facts: typeof signed, options: TestDetectorOptions = {}): TestDetector {
  const detector = testDetector(options);
  detector.finds(() => facts());
  return detector;
}

describe("a task that has ended", () => {
  it("before any event had its digest is judged, told, and not stopped", async () => {
    const detector = detectorThatFinds(unsigned);
    await detector.handle(pendingEvent({ group }));

    await detector.handle(stoppedEvent({ group }));

    assert.deepEqual(told(detector), {
      events: ["web no-signature already-stopped"],
      messages: ["web no-signature already-stopped"],
      stops: 0,
    });
    assert.equal(detector.seen.events[0]?.provisional, false);
  });

  it("is left alone where its digest has a final verdict: what has expired since is no alarm", async () => {
    const detector = detectorThatFinds(signed, { settings: { verdictTtlSeconds: 0 } });
    await detector.handle(runningEvent());
    detector.finds(() => unsigned());
    const before = detector.seen.verifications.length;

    await detector.handle(stoppedEvent());

    assert.deepEqual(told(detector), { events: ["web signature-valid none"], messages: [], stops: 0 });
    assert.equal(detector.seen.verifications.length, before);
  });

  it("is judged for the containers that have no final verdict, and for those only", async () => {
    const detector = detectorThatFinds(unsigned);
    const proxy = { name: "proxy", imageDigest: OTHER_DIGEST, runtimeId: `${RUNTIME_ID}1` };
    detector.finds(({ reference }) => (reference.includes(OTHER_DIGEST) ? unsigned(OTHER_DIGEST) : signed()));
    await detector.handle(runningEvent({ group, containers: [{ name: "web", imageDigest: DIGEST }] }));

    await detector.handle(
      stoppedEvent({ group, containers: [{ name: "web", imageDigest: DIGEST, runtimeId: RUNTIME_ID }, proxy] }),
    );

    assert.deepEqual(told(detector).events, ["web signature-valid none", "proxy no-signature already-stopped"]);
  });

  it("that was stopped by us is not told of again", async () => {
    const detector = detectorThatFinds(unsigned);
    await detector.handle(runningEvent());

    await detector.handle(stoppedEvent());

    assert.deepEqual(told(detector), {
      events: ["web no-signature stopped"],
      messages: ["web no-signature stopped"],
      stops: 1,
    });
  });

  it("ends with what was held back for the digest, marked as judged through the tag", async () => {
    const detector = detectorThatFinds(unsigned);

    await detector.handle(stoppedEvent({ group, containers: [{ name: "web" }] }));

    const [event] = detector.seen.events;
    assert.deepEqual([event?.code, event?.provisional, event?.final], ["no-signature", true, true]);
  });

  it("tells nobody of a container that never ran, and records it", async () => {
    const detector = detectorThatFinds(unsigned);

    await detector.handle(stoppedEvent({ group, containers: [{ name: "web" }] }));

    assert.deepEqual(told(detector), { events: ["web no-signature already-stopped"], messages: [], stops: 0 });
    assert.equal(detector.seen.events[0]?.count, undefined);
  });

  it("denies what ran, and of which ECS has reported no digest", async () => {
    const detector = detectorThatFinds(signed);

    await detector.handle(stoppedEvent({ containers: [{ name: "web", runtimeId: RUNTIME_ID }] }));

    assert.deepEqual(told(detector).messages, ["web digest-unreported already-stopped"]);
  });

  it("is not judged twice when its event comes twice, nor when events of its life come late", async () => {
    const detector = detectorThatFinds(unsigned);

    for (const event of [
      stoppedEvent({ group }),
      stoppedEvent({ group }),
      runningEvent({ group }),
      pendingEvent({ group }),
    ])
      await detector.handle(event);

    assert.deepEqual(told(detector), {
      events: ["web no-signature already-stopped"],
      messages: ["web no-signature already-stopped"],
      stops: 0,
    });
  });

  it("is told by the next attempt of what could not be told, also when another invocation was at it meanwhile", async () => {
    const messages: string[] = [];
    let meanwhile: Promise<unknown> = Promise.resolve();
    let isBroken = true;
    const detector = detectorThatFinds(unsigned, {
      delivery: {
        putEvent: async () => {},
        announce: async () => {},
        notify: async ({ code }) => {
          if (!isBroken) return void messages.push(code);
          isBroken = false;
          meanwhile = detector.handle(stoppedEvent());
          await meanwhile;
          throw new Error("SNS is down");
        },
      },
    });

    const invocation = await detector.invoke(stoppedEvent());

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(messages, ["no-signature"]);
  });

  it("is not waited for within an invocation, and judged again by Lambda's: a hiccup is not the last word", async () => {
    const pauses: number[] = [];
    const clock = testClock(EVENT_TIME);
    const detector = detectorThatFinds(signerDown, { clock, pause: async (ms) => pauses.push(ms) });

    const invocation = await detector.invoke(stoppedEvent(), {
      beforeAttempt: (attempt) => attempt === 2 && detector.finds(() => unsigned()),
    });

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "ok"]);
    assert.deepEqual(told(detector).messages, ["web no-signature already-stopped"]);
    assert.deepEqual(pauses, []);
  });

  it("is judged to the end for the container that is open beside a denied one", async () => {
    const detector = testDetector();
    detector.finds(({ reference }) => (reference.includes(OTHER_DIGEST) ? signerDown(OTHER_DIGEST) : unsigned()));
    const containers = [
      { name: "web", imageDigest: DIGEST, runtimeId: RUNTIME_ID },
      { name: "proxy", imageDigest: OTHER_DIGEST, runtimeId: `${RUNTIME_ID}1` },
    ];

    const { ended } = await detector.invoke(stoppedEvent({ containers }));

    assert.equal(ended, "succeeded");
    assert.deepEqual(told(detector).events, [
      "web no-signature already-stopped",
      "proxy signer-unavailable already-stopped",
    ]);
  });

  it("is final in the end, and follows onInconclusive", async () => {
    for (const [onInconclusive, response] of [
      ["alert", "none"],
      ["deny", "already-stopped"],
    ] as const) {
      const detector = detectorThatFinds(signerDown, { settings: { onInconclusive } });

      const { ended } = await detector.invoke(stoppedEvent());

      assert.equal(ended, "succeeded");
      assert.deepEqual(told(detector).messages, [`web signer-unavailable ${response}`]);
    }
  });

  it("is not judged when it is older than what the ledger remembers", async () => {
    const detector = detectorThatFinds(unsigned, { settings: { ledgerDays: 14 } });
    const daysAgo = (days: number) => new Date(EVENT_TIME.getTime() - days * 86_400_000).toISOString();

    await detector.handle(stoppedEvent({ createdAt: daysAgo(14) }));
    assert.deepEqual([told(detector).events, detector.seen.verifications], [[], []]);
    await detector.handle(stoppedEvent({ createdAt: daysAgo(13.99) }));

    assert.deepEqual(told(detector).events, ["web no-signature already-stopped"]);
  });

  it("is judged and told where the ledger cannot be reached", async () => {
    const unreached: Ledger = {
      ...memoryLedger(),
      once: async (_task, _key, work) => ({ state: "done", outcome: await work(), now: true }),
      verdictsOf: async () => [],
      numberInGroup: async () => undefined,
    };
    const detector = detectorThatFinds(unsigned, { ledger: unreached });

    await detector.handle(stoppedEvent());

    assert.deepEqual(told(detector).messages, ["web no-signature already-stopped"]);
  });

  it("measures no time to a verdict", async () => {
    const detector = detectorThatFinds(unsigned);

    await detector.handle(stoppedEvent());

    assert.ok(!detector.seen.counted.includes("launch judged"));
  });
});

describe("events of ECS for tasks that have ended", () => {
  const at = (event: TaskEvent) => testClock(new Date(String(event.time)));

  it("of a service's crash: the container ran, with its digest", async () => {
    const event = readEvent("stopped-fargate-service");
    const detector = testDetector({ clock: at(event) });
    detector.finds(({ reference }) => unsigned(reference.split("@")[1]));

    await detector.handle(event);

    assert.deepEqual(told(detector).messages, ["web no-signature already-stopped"]);
    const { service, digest, lastStatus } = detector.seen.events[0] ?? {};
    const container: Partial<LaunchContainer> = event.detail.containers[0] ?? {};
    assert.deepEqual([service, digest, lastStatus], ["web", container.imageDigest, "STOPPED"]);
  });

  it("of an image that could not be pulled: recorded, and nobody is told", async () => {
    const event = readEvent("stopped-fargate-not-pulled");
    const detector = detectorThatFinds(unsigned, { clock: at(event) });

    await detector.handle(event);

    assert.deepEqual(told(detector), { events: ["web no-signature already-stopped"], messages: [], stops: 0 });
  });
});
