import assert from "node:assert/strict";
import { InconclusiveError } from "../../../../verifier/src/detector/handle";
import type { SigningAnswer } from "../../../../verifier/src/verification/registry/managed-signing";
import { errorNames } from "../../../support/async-invocation";
import { testClock } from "../../../support/clock";
import { signed, testDetector, unsigned } from "../../../support/detector";
import { EVENT_TIME, pendingEvent, runningEvent } from "../../../support/launch-events";
import { memoryLedger } from "../../../support/memory-ledger";
import { release } from "../../trust/documents";

const AT_WORK: SigningAnswer = { profiles: [{ profile: release, status: "IN_PROGRESS" }] };

/** A detector that finds no signature while ECR's managed signing is at work. */
function scene(options: Parameters<typeof testDetector>[0] = {}) {
  const detector = testDetector(options);
  detector.finds(() => unsigned());
  detector.ecrSays(AT_WORK);
  const told = () => ({
    events: detector.seen.events.map(({ code, response }) => `${code} ${response}`),
    messages: detector.seen.messages.map(({ code, response }) => `${code} ${response}`),
    stops: detector.seen.responses.length,
  });
  return { detector, told };
}

describe("the launch detector, while ECR's managed signing is at work", () => {
  it("does not act and tells nobody, and tries again", async () => {
    const { detector, told } = scene();

    await assert.rejects(detector.handle(runningEvent()), (error: Error) => {
      assert.ok(error instanceof InconclusiveError);
      assert.match(error.message, /web: signing-in-progress: .*retry when/);
      return true;
    });

    assert.deepEqual(told(), { events: [], messages: [], stops: 0 });
    assert.deepEqual(
      detector.seen.lines.map(({ status, code, final }) => [status, code, final]),
      [["inconclusive", "signing-in-progress", false]],
    );
  });

  it("trusts what ECR has signed by the time of the next look, within the invocation", async () => {
    const { detector, told } = scene();
    detector.finds(() => (detector.seen.verifications.length < 3 ? unsigned() : signed()));

    const { status } = await detector.handle(runningEvent());

    assert.equal(status, "trusted");
    assert.deepEqual(told(), { events: ["signature-valid none"], messages: [], stops: 0 });
  });

  it("trusts what ECR has signed by the time of the next attempt", async () => {
    const { detector, told } = scene();

    const invocation = await detector.invoke(runningEvent(), {
      beforeAttempt: (attempt) => attempt === 2 && detector.finds(() => signed()),
    });

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "ok"]);
    assert.deepEqual(told(), { events: ["signature-valid none"], messages: [], stops: 0 });
  });

  it("denies at once when signing has failed", async () => {
    const { detector, told } = scene();
    detector.ecrSays({ profiles: [{ profile: release, status: "FAILED", failure: "no signer:SignPayload" }] });

    await detector.handle(runningEvent());

    assert.deepEqual(told(), { events: ["no-signature stopped"], messages: ["no-signature stopped"], stops: 1 });
    assert.match(detector.seen.messages[0]?.detail ?? "", /no signer:SignPayload/);
  });

  for (const onInconclusive of ["alert", "deny"] as const) {
    it(`denies and acts when the time is up, also with onInconclusive ${onInconclusive}`, async () => {
      const { detector, told } = scene({ settings: { onInconclusive } });

      const invocation = await detector.invoke(runningEvent());

      assert.deepEqual(errorNames(invocation), ["InconclusiveError", "InconclusiveError", "ok"]);
      assert.deepEqual(told(), { events: ["no-signature stopped"], messages: ["no-signature stopped"], stops: 1 });
      const [event] = detector.seen.events;
      assert.deepEqual([event?.status, event?.final], ["denied", true]);
      assert.match(
        event?.detail ?? "",
        /in progress with .*; it was still in progress when the time limit was reached, \d+ s after/,
      );
      assert.match(detector.seen.responses[0]?.[1] ?? "", /: no-signature: container web/);
    });
  }

  it("gives no time where the environment gives none", async () => {
    const { detector, told } = scene({ settings: { giveUpAfterSeconds: 0 } });

    await detector.handle(runningEvent());

    assert.deepEqual(told().events, ["no-signature stopped"]);
  });

  it("counts the time from the first event of a task; a later one makes it no longer", async () => {
    const { detector, told } = scene();
    await assert.rejects(detector.handle(pendingEvent()), InconclusiveError);
    await detector.clock.pass(60_000);
    const later = { ...runningEvent(), time: new Date(detector.clock.now()).toISOString() };
    await assert.rejects(detector.handle(later), InconclusiveError);
    await detector.clock.pass(90_000);

    await detector.handle(pendingEvent());

    assert.deepEqual(told().events, ["no-signature stopped"]);
  });

  it("lets a denial through the tag of a service's task wait for the digest, as any other", async () => {
    const { detector, told } = scene();
    await detector.clock.pass(150_000);

    await detector.handle(pendingEvent({ group: "service:checkout" }));

    assert.deepEqual(told(), { events: [], messages: [], stops: 0 });
    assert.deepEqual(
      detector.seen.lines.map(({ code, provisional, final }) => [code, provisional, final]),
      [["no-signature", true, false]],
    );
  });

  it("goes by one age of the event, however long the ledger takes", async () => {
    const clock = testClock(EVENT_TIME);
    const ledger = memoryLedger();
    const { detector, told } = scene({
      clock,
      ledger: { ...ledger, verdictsOf: (task) => clock.pass(10_000).then(() => ledger.verdictsOf(task)) },
    });
    await clock.pass(144_000);

    await detector.handle(runningEvent());

    assert.deepEqual(told().events, ["no-signature stopped"]);
  });
});
