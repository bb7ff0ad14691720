import assert from "node:assert/strict";
import fc from "fast-check";
import type { FindingFacts } from "../../../../verifier/src/findings/finding-facts";
import { findingId } from "../../../../verifier/src/findings/finding-id";
import { reconcileFindings } from "../../../../verifier/src/sweep/reconcile-findings";
import { CONTEXT, findingFacts, memoryFindings, testFindings } from "../../../support/findings";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { testHub } from "../../../support/security-hub";
import { sweptImage, sweptPlace } from "../../../support/swept-images";

const HOUR = 3_600_000;
const CLUSTERS = ["orders", "jobs"].map((name) => `arn:aws:ecs:eu-west-1:111122223333:cluster/${name}`);
/** Two repositories with one digest, and another digest. */
const IMAGES = [
  { digest: DIGEST, reference: `app@${DIGEST}` },
  { digest: DIGEST, reference: `playground/app@${DIGEST}` },
  { digest: OTHER_DIGEST, reference: `app@${OTHER_DIGEST}` },
] as const;
const PLACES: readonly FindingFacts[] = CLUSTERS.flatMap((cluster) =>
  IMAGES.map((image) => findingFacts({ cluster, ...image })),
);

const code = fc.constantFrom("no-signature", "signature-revoked", "signer-unavailable", "signature-valid", "exempted");
const place = fc.constantFrom(...PLACES);
/** What happens, by one of two instances of the function. */
const event = fc.oneof(
  fc.record({ kind: fc.constant("launch"), place, code, instance: fc.nat(1) }),
  fc.record({
    kind: fc.constant("sweep"),
    runs: fc.array(code, { minLength: PLACES.length, maxLength: PLACES.length }),
    gone: fc.nat(2 ** PLACES.length - 1),
    unread: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant("hub"),
    state: fc.constantFrom("on", "off", "off, as an error", "denied", "throttled", "answer lost"),
  }),
  fc.record({
    kind: fc.constant("refuse"),
    part: fc.constantFrom("/jobs/", DIGEST, "none"),
    how: fc.constantFrom("one", "call"),
  }),
  fc.record({ kind: fc.constant("flush"), instance: fc.nat(1) }),
  // Never a part of an hour: within one it is open whether a launch was before the list of a sweep.
  fc.record({ kind: fc.constant("time"), hours: fc.integer({ min: 2, max: 60 }) }),
);

const isBad = (one: string) => one !== "signature-valid" && one !== "exempted";

describe("the findings of any sequence of launches, sweeps and faults of Security Hub", () => {
  it("end as exactly those that should be active, once they can be sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const [hub, table] = [testHub(), memoryFindings()];
        const first = testFindings({ hub, table });
        const instances = [first, testFindings({ hub, table, clock: first.clock })];
        const { now, pass } = first.clock;
        /** The ids that should be active, and when a launch of each was seen last. */
        const active = new Set<string>();
        const launched = new Map<string, number>();

        for (const one of events) {
          if (one.kind === "time") await pass(one.hours * HOUR);
          else if (one.kind === "hub") hub.behave(one.state);
          else if (one.kind === "refuse") hub.refuse((id) => id.includes(one.part), one.how);
          else if (one.kind === "flush") await instances[one.instance]?.flush();
          else if (one.kind === "launch") {
            const id = findingId(CONTEXT, one.place);
            const facts = {
              ...one.place,
              code: one.code,
              status: one.code === "signer-unavailable" ? "inconclusive" : "denied",
            } as const;
            await (isBad(one.code)
              ? instances[one.instance]?.launchFailed(facts)
              : instances[one.instance]?.launchPassed(one.place));
            if (isBad(one.code)) launched.set(id, now());
            if (isBad(one.code)) active.add(id);
            else active.delete(id);
          } else {
            const running = PLACES.map((facts, index) => ({
              facts,
              code: one.runs[index] ?? "exempted",
              index,
            })).filter(({ index }) => (one.gone & (1 << index)) === 0);
            const images = running.map(({ facts, code: found, index }) =>
              sweptImage({
                key: String(index),
                code: found,
                digest: facts.digest ?? "",
                reference: facts.reference,
                places: [sweptPlace({ cluster: facts.cluster })],
              }),
            );
            const readClusters = new Set(CLUSTERS.filter((_, index) => (one.unread & (1 << index)) === 0));
            await reconcileFindings(first, images, { startedAt: now(), readClusters });
            const bad = new Set(
              running.filter(({ code: found }) => isBad(found)).map(({ facts }) => findingId(CONTEXT, facts)),
            );
            for (const facts of PLACES) {
              const id = findingId(CONTEXT, facts);
              if (bad.has(id)) active.add(id);
              else if (readClusters.has(facts.cluster) && launched.get(id) !== now()) active.delete(id);
            }
          }
        }
        hub.behave("on");
        hub.refuse(() => false);
        await first.flush();

        assert.deepEqual(hub.active(), [...active].sort());
        const sent = hub.batches.length;
        await first.flush();
        assert.equal(hub.batches.length, sent, "nothing is left to send");
      }),
      { numRuns: 400 },
    );
  });
});
