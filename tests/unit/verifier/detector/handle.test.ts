import assert from "node:assert/strict";
import { InconclusiveError, UnderWayError } from "../../../../verifier/src/detector/handle";
import { EventMalformedError } from "../../../../verifier/src/ecs/event";
import { signed, signerDown, testDetector, unsigned } from "../../../support/detector";
import { DIGEST, IMAGE, OTHER_DIGEST, pendingEvent, runningEvent, TASK } from "../../../support/launch-events";

/** The events and messages so far, in short. */
function told({ seen }: ReturnType<typeof testDetector>) {
  const short = ({ container, code, response }: (typeof seen.events)[number]) => `${container} ${code} ${response}`;
  return { events: seen.events.map(short), messages: seen.messages.map(short), stops: seen.responses.length };
}

describe("the launch detector", () => {
  it("records a trusted launch, and tells nobody", async () => {
    const detector = testDetector();

    const { status } = await detector.handle(runningEvent());

    assert.equal(status, "trusted");
    assert.deepEqual(told(detector), { events: ["web signature-valid none"], messages: [], stops: 0 });
    assert.deepEqual(detector.seen.lines, detector.seen.events);
    assert.deepEqual(detector.seen.counted, ["launch judged", "verdict trusted"]);
  });

  it("stops a denied launch, records it and tells people", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    await detector.handle(runningEvent());

    assert.deepEqual(told(detector), {
      events: ["web no-signature stopped"],
      messages: ["web no-signature stopped"],
      stops: 1,
    });
    assert.deepEqual(detector.seen.responses, [
      [TASK, `ecs-image-verification: no-signature: container web, image ${IMAGE}@${DIGEST}`],
    ]);
    assert.deepEqual(detector.seen.counted, ["launch judged", "response stopped", "verdict denied"]);
  });

  it("records every container, and tells people of the denied one only", async () => {
    const detector = testDetector();
    detector.finds(({ reference }) => (reference.includes(OTHER_DIGEST) ? unsigned(OTHER_DIGEST) : signed()));
    const containers = [
      { name: "web", imageDigest: DIGEST },
      { name: "proxy", imageDigest: OTHER_DIGEST },
    ];

    await detector.handle(runningEvent({ containers }));

    assert.deepEqual(told(detector), {
      events: ["web signature-valid stopped", "proxy no-signature stopped"],
      messages: ["proxy no-signature stopped"],
      stops: 1,
    });
  });

  it("denies a container whose reported digest is odd, and judges the others", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());
    const containers = [
      { name: "odd", imageDigest: `sha384:${"a".repeat(96)}` },
      { name: "web", imageDigest: DIGEST },
    ];

    const { ended } = await detector.invoke(pendingEvent({ containers, group: "service:checkout" }));

    assert.equal(ended, "succeeded");
    assert.deepEqual(told(detector), {
      events: ["odd digest-unreported stopped", "web no-signature stopped"],
      messages: ["odd digest-unreported stopped", "web no-signature stopped"],
      stops: 1,
    });
  });

  it("refuses an event that is none, so that it ends in the failure queue", async () => {
    const detector = testDetector();

    await assert.rejects(detector.handle({ source: "aws.ecs" }), EventMalformedError);
    const { ended } = await detector.invoke({ source: "aws.ecs" });

    assert.equal(ended, "failure-queue");
  });
});

describe("the launch detector, told of a task several times", () => {
  it("acts and tells once for the same event, again and again", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    for (let times = 0; times < 3; times += 1) await detector.handle(runningEvent());

    assert.deepEqual(told(detector), {
      events: ["web no-signature stopped"],
      messages: ["web no-signature stopped"],
      stops: 1,
    });
    assert.deepEqual(
      detector.seen.counted.filter((what) => what !== "launch judged"),
      ["response stopped", "verdict denied"],
    );
  });

  it("acts and tells once for the same event at the same time, however often", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    const invocations = await Promise.all(Array.from({ length: 50 }, () => detector.invoke(runningEvent())));

    assert.ok(invocations.every(({ ended }) => ended === "succeeded"));
    const waited = invocations.flatMap(({ attempts }) => attempts.filter((error) => error !== undefined));
    assert.ok(waited.every((error) => error instanceof UnderWayError));
    assert.deepEqual(told(detector), {
      events: ["web no-signature stopped"],
      messages: ["web no-signature stopped"],
      stops: 1,
    });
  });

  it("acts and tells once when a tag leads to the digest that ECS reports later", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    await detector.handle(pendingEvent());
    await detector.handle(runningEvent());

    assert.deepEqual(told(detector), {
      events: ["web no-signature stopped"],
      messages: ["web no-signature stopped"],
      stops: 1,
    });
    assert.equal(detector.seen.events[0]?.provisional, true);
  });

  describe("a task of a service, whose deployment keeps the digest that its first task has pulled", () => {
    const group = "service:checkout";

    it("is not stopped, nor told of, because of where its tag leads by now", async () => {
      const detector = testDetector();
      detector.finds(({ reference }) => (reference.includes("@") ? signed() : unsigned(OTHER_DIGEST)));

      await detector.handle(pendingEvent({ group }));
      await detector.handle(runningEvent({ group }));

      assert.deepEqual(told(detector), { events: ["web signature-valid none"], messages: [], stops: 0 });
      assert.deepEqual(
        detector.seen.lines.map(({ code, final }) => [code, final]),
        [
          ["no-signature", false],
          ["signature-valid", true],
        ],
      );
    });

    it("is stopped as soon as ECS reports a digest that is denied", async () => {
      const detector = testDetector();
      detector.finds(() => unsigned());

      await detector.handle(pendingEvent({ group }));
      await detector.handle(runningEvent({ group }));

      assert.deepEqual(told(detector), {
        events: ["web no-signature stopped"],
        messages: ["web no-signature stopped"],
        stops: 1,
      });
      assert.equal(detector.seen.events[0]?.provisional, false);
    });

    it("is stopped at once for what no digest can change", async () => {
      const detector = testDetector();

      await detector.handle(pendingEvent({ group, containers: [{ name: "web", image: "evil.example.com/app:1" }] }));

      assert.deepEqual(told(detector).messages, ["web registry-not-allowed stopped"]);
    });
  });

  it("acts and tells once of a registry that is not listed, whether or not a digest is reported", async () => {
    const detector = testDetector();
    const image = "evil.example.com/app:1";

    await detector.handle(pendingEvent({ containers: [{ name: "web", image }] }));
    await detector.handle(runningEvent({ containers: [{ name: "web", image, imageDigest: DIGEST }] }));

    assert.deepEqual(told(detector).messages, ["web registry-not-allowed stopped"]);
    assert.equal(detector.seen.events.length, 1);
  });

  it("says that the tag had moved when ECS reports another digest, whose verdict counts", async () => {
    const detector = testDetector();
    detector.finds(({ reference }) => (reference.includes("@") ? unsigned() : signed(OTHER_DIGEST)));

    await detector.handle(pendingEvent());
    await detector.handle(runningEvent());

    const [first, second] = detector.seen.events;
    assert.deepEqual([first?.status, first?.provisional, first?.digest], ["trusted", true, OTHER_DIGEST]);
    assert.deepEqual([second?.status, second?.provisional, second?.digest], ["denied", false, DIGEST]);
    assert.equal(second?.tagMovedFrom, OTHER_DIGEST);
    assert.equal(detector.seen.responses.length, 1);
  });

  it("takes no account of an earlier event that comes later, after the tag has moved", async () => {
    const detector = testDetector();
    let tagLeadsTo = signed(DIGEST);
    detector.finds(({ reference }) => (reference.includes("@") ? signed() : tagLeadsTo));
    await detector.handle(pendingEvent());
    await detector.handle(runningEvent());
    tagLeadsTo = unsigned(OTHER_DIGEST);

    await detector.handle(pendingEvent({ version: 2 }));

    assert.deepEqual(told(detector), { events: ["web signature-valid none"], messages: [], stops: 0 });
  });

  it("acts when a digest that was trusted is denied later", async () => {
    const detector = testDetector({ settings: { verdictTtlSeconds: 0 } });
    await detector.handle(runningEvent());
    detector.finds(() => unsigned());

    await detector.handle(runningEvent({ version: 5 }));

    assert.deepEqual(told(detector).events, ["web signature-valid none", "web no-signature stopped"]);
    assert.equal(detector.seen.responses.length, 1);
  });

  it("acts and tells for each task by itself", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    await detector.handle(runningEvent());
    await detector.handle(runningEvent({ taskArn: `${TASK.slice(0, -4)}0000` }));

    assert.deepEqual([detector.seen.events.length, detector.seen.responses.length], [2, 2]);
  });
});

describe("the launch detector, not able to tell", () => {
  it("judges again within the invocation, and says nothing of what was open", async () => {
    const detector = testDetector();
    detector.finds(() => (detector.seen.verifications.length < 3 ? signerDown() : signed()));

    const { status } = await detector.handle(runningEvent());

    assert.equal(status, "trusted");
    assert.deepEqual(told(detector).events, ["web signature-valid none"]);
  });

  it("throws, with the reason, while the event is young", async () => {
    const detector = testDetector();
    detector.finds(() => signerDown());

    await assert.rejects(detector.handle(runningEvent()), (error: Error) => {
      assert.ok(error instanceof InconclusiveError);
      assert.match(error.message, /web: signer-unavailable: .*TooManyRequestsException/);
      return true;
    });

    assert.deepEqual(told(detector), { events: [], messages: [], stops: 0 });
    assert.deepEqual(
      detector.seen.lines.map(({ final }) => final),
      [false],
    );
  });

  it("alerts in the end, and does not act, if the environment says alert", async () => {
    const detector = testDetector();
    detector.finds(() => signerDown());
    await detector.clock.pass(150_000);

    await detector.handle(runningEvent());

    assert.deepEqual(told(detector), {
      events: ["web signer-unavailable none"],
      messages: ["web signer-unavailable none"],
      stops: 0,
    });
  });

  it("acts in the end as on a denial if the environment says deny", async () => {
    const detector = testDetector({ settings: { onInconclusive: "deny" } });
    detector.finds(() => signerDown());
    await detector.clock.pass(150_000);

    await detector.handle(runningEvent());

    assert.deepEqual(told(detector).messages, ["web signer-unavailable stopped"]);
    assert.match(detector.seen.responses[0]?.[1] ?? "", /signer-unavailable/);
  });

  it("acts at once on the denied container, and does not wait for the one that is open", async () => {
    const detector = testDetector();
    detector.finds(({ reference }) => (reference.includes(OTHER_DIGEST) ? signerDown(OTHER_DIGEST) : unsigned()));
    const containers = [
      { name: "proxy", imageDigest: OTHER_DIGEST },
      { name: "web", imageDigest: DIGEST },
    ];

    await detector.handle(runningEvent({ containers }));

    assert.deepEqual(told(detector).messages, ["web no-signature stopped"]);
    assert.match(detector.seen.responses[0]?.[1] ?? "", /no-signature: container web/);
  });

  it("goes on trying for the open container if the environment only audits", async () => {
    const detector = testDetector({
      settings: { mode: "audit" },
      respond: async () => ({ state: "done", outcome: "audited", now: true }),
    });
    detector.finds(({ reference }) => (reference.includes(OTHER_DIGEST) ? signerDown(OTHER_DIGEST) : unsigned()));
    const containers = [
      { name: "proxy", imageDigest: OTHER_DIGEST },
      { name: "web", imageDigest: DIGEST },
    ];

    const { ended, attempts } = await detector.invoke(runningEvent({ containers }));

    assert.deepEqual([ended, attempts.length], ["succeeded", 3]);
    assert.deepEqual(told(detector).messages.sort(), ["proxy signer-unavailable audited", "web no-signature audited"]);
  });
});
