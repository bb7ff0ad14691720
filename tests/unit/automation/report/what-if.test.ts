import assert from "node:assert/strict";
import { fromSwept } from "../../../../automation/operations/report/running-image";
import { compareTrust, deniedImages } from "../../../../automation/operations/report/what-if";
import type { ReasonCode } from "../../../../verifier/src/verification/verdict";
import { verdictOf } from "../../../support/launch";
import { digestOf, launchRecord, sweptImage, sweptPlace } from "../../../support/report-facts";

function judged(number: number, before: ReasonCode, after: ReasonCode, service = "web") {
  const places = [sweptPlace("shop", `service:${service}`)];
  return { image: fromSwept(sweptImage(number, { code: before, places })), verdict: verdictOf({ code: after }) };
}

describe("what another trust document would change", () => {
  it("are running images with another status, the newly denied first, and how many of each service", () => {
    const { images, changes, byWorkload } = compareTrust({
      file: "new.yaml",
      judged: [
        judged(1, "no-signature", "signature-valid", "api"),
        judged(2, "signature-valid", "signature-valid"),
        judged(3, "signature-valid", "signers-missing"),
        judged(4, "no-signature", "identity-not-trusted"),
        judged(5, "signature-valid", "registry-unavailable"),
      ],
      notJudged: 0,
      denied: [],
    });

    assert.equal(images, 5);
    assert.deepEqual(
      changes.map(({ digest, before, after }) => [digest, before.status, after.code]),
      [
        [digestOf(3), "trusted", "signers-missing"],
        [digestOf(5), "trusted", "registry-unavailable"],
        [digestOf(1), "denied", "signature-valid"],
      ],
    );
    assert.deepEqual(
      byWorkload.map(({ group, newlyDenied, noLongerDenied }) => [group, newlyDenied, noLongerDenied]),
      [
        ["service:web", 1, 0],
        ["service:api", 0, 1],
      ],
    );
  });

  it("is not known of what runs without a sweep, and of denials without a log", () => {
    const { images, deniedBefore } = compareTrust({ file: "f", judged: undefined, notJudged: 0, denied: undefined });

    assert.deepEqual([images, deniedBefore], [null, null]);
  });

  it("judges each denied image of a service once", () => {
    const records = [
      launchRecord({ task: "a" }),
      launchRecord({ task: "b" }),
      launchRecord({ task: "c", service: "api" }),
      launchRecord({ task: "d", image: 2 }),
      launchRecord({ task: "e", code: "signature-valid" }),
      launchRecord({ task: "f", image: 3, code: "registry-unavailable" }),
    ];

    assert.deepEqual(
      deniedImages(records)
        .map(({ service, digest }) => [service, digest])
        .sort(),
      [
        ["api", digestOf(1)],
        ["web", digestOf(1)],
        ["web", digestOf(2)],
      ],
    );
  });
});
