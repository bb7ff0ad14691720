import assert from "node:assert/strict";
import { toFindingBody } from "../../../../verifier/src/findings/finding-body";
import type { FindingFacts } from "../../../../verifier/src/findings/finding-facts";
import {
  archived,
  type FindingSource,
  isUnsent,
  type KnownFinding,
  renewed,
  seenAgain,
  toAsff,
} from "../../../../verifier/src/findings/known-finding";
import { CONTEXT, findingFacts } from "../../../support/findings";
import { CLUSTER, DIGEST } from "../../../support/launch-events";

const START = Date.parse("2026-06-15T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function see(known: KnownFinding | undefined, at: number, changes: Partial<FindingFacts> = {}, source?: FindingSource) {
  const body = toFindingBody(findingFacts(changes), CONTEXT);
  return seenAgain(known, { id: body.Id ?? "", body, cluster: CLUSTER, image: DIGEST }, source ?? "launch", at);
}

const opened = (changes: Partial<FindingFacts> = {}) => see(undefined, START, changes) ?? assert.fail("not opened");
const OUTAGE = { status: "inconclusive", code: "signer-unavailable" } as const;

describe("a known finding", () => {
  it("is opened when it is seen for the first time", () => {
    const { state, createdAt, updatedAt } = opened();

    assert.deepEqual([state, createdAt, updatedAt], ["active", START, START]);
  });

  const again: readonly (readonly [string, FindingSource, number, Partial<FindingFacts>, boolean])[] = [
    [
      "a launch within the hour, though another task and another text",
      "launch",
      HOUR - 1,
      { task: "t", detail: "d" },
      false,
    ],
    ["a launch after an hour", "launch", HOUR, {}, true],
    ["a launch with another code", "launch", 1, { code: "signature-invalid" }, true],
    ["a sweep within the day", "sweep", 24 * HOUR - 1, {}, false],
    ["a sweep after a day", "sweep", 24 * HOUR, {}, true],
    ["a sweep with another code", "sweep", 1, { code: "signature-revoked" }, true],
    ["an outage, which does not undo the denial", "launch", 1, OUTAGE, false],
  ];
  for (const [what, source, passed, changes, isNews] of again) {
    it(`is ${isNews ? "" : "not "}written again by ${what}`, () => {
      assert.equal(see(opened(), START + passed, changes, source) !== undefined, isNews);
    });
  }

  it("is written again by a sweep a day after it was seen, though it was tried again since", () => {
    const tried = renewed(opened(), START + 23 * HOUR);

    assert.equal(see(tried, START + 24 * HOUR, {}, "sweep")?.observedAt, START + 24 * HOUR);
  });

  it("was last seen when a launch or a sweep saw it, also by an instance whose clock is behind", () => {
    const known = opened();

    assert.equal(known.observedAt, START);
    assert.equal(renewed(known, START + HOUR).observedAt, START);
    assert.equal(archived(known, "gone", START + HOUR)?.observedAt, START);
    assert.equal(see(known, START - MINUTE, { code: "signature-invalid" })?.observedAt, START);
  });

  it("goes on saying why it was denied when an outage renews it", () => {
    const renewed = see(opened(), START + HOUR, OUTAGE);

    assert.equal(renewed?.body.GeneratorId, "ecs-image-verification/no-signature");
  });

  it("becomes a denial when an outage is over", () => {
    const known = opened(OUTAGE);

    assert.equal(see(known, START + 1)?.body.Compliance?.Status, "FAILED");
  });

  it("keeps the time of its first opening when it is opened again", () => {
    const closed = archived(opened(), "gone", START + 2) ?? assert.fail("not archived");

    const open = see(closed, START + 3);

    assert.deepEqual([open?.state, open?.createdAt, open?.updatedAt], ["active", START, START + 3]);
  });

  it("is archived once", () => {
    const closed = archived(opened(), "passed", START + 1);

    assert.equal(closed?.state, "passed");
    assert.equal(archived(closed, "gone", START + 2), undefined);
    assert.equal(archived(undefined, "gone", START), undefined);
  });

  it("gets a newer time with each change, also from an instance whose clock is behind", () => {
    const closed = archived(opened(), "passed", START - MINUTE);

    assert.equal(closed?.updatedAt, START + 1);
  });

  it("is unsent until Security Hub has its latest state", () => {
    const known = opened();

    assert.deepEqual([known, { ...known, sentAt: START - 1 }, { ...known, sentAt: START }].map(isUnsent), [
      true,
      true,
      false,
    ]);
  });

  const states = [
    ["active", "ACTIVE", "FAILED"],
    ["passed", "ARCHIVED", "PASSED"],
    ["gone", "ARCHIVED", "NOT_AVAILABLE"],
  ] as const;
  for (const [state, record, compliance] of states) {
    it(`is ${record} and ${compliance} in Security Hub when it is ${state}`, () => {
      const { RecordState, Compliance, CreatedAt } = toAsff({ ...opened(), state });

      assert.deepEqual([RecordState, Compliance?.Status, CreatedAt], [record, compliance, "2026-06-15T12:00:00.000Z"]);
    });
  }
});
