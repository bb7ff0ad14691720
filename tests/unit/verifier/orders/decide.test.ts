import assert from "node:assert/strict";
import { applyOrders, isInForce, isTooLong } from "../../../../verifier/src/orders/decide";
import type { ReasonCode, Verdict } from "../../../../verifier/src/verification/verdict";
import { toStatus } from "../../../../verifier/src/verification/verdict";
import { DIGEST, EVENT_TIME, IMAGE } from "../../../support/launch-events";
import { block, exemption, HOUR_MS, hoursLater } from "../../../support/orders";

const NOW = EVENT_TIME.getTime();

const verdictWith = (code: ReasonCode): Verdict => ({
  status: toStatus(code),
  code,
  detail: `because of ${code}`,
  reference: `${IMAGE}@${DIGEST}`,
  digest: DIGEST,
  provisional: false,
  milliseconds: 7,
});

describe("an order", () => {
  const times: readonly [hours: number, isIt: boolean][] = [
    [-0.1, false],
    [-0.05, true],
    [0, true],
    [3.999, true],
    [4, false],
    [5, false],
  ];
  for (const [hours, isIt] of times) {
    it(`of four hours is ${isIt ? "" : "not "}in force ${hours} hours after its beginning`, () => {
      assert.equal(isInForce(exemption(), NOW + hours * HOUR_MS), isIt);
    });
  }

  it("without an end is in force for good", () => {
    assert.equal(isInForce(block(), NOW + 100_000 * HOUR_MS), true);
  });

  it("is too long only as an exemption, and only beyond the hours of the environment", () => {
    assert.deepEqual(
      [exemption(), exemption({ until: hoursLater(8) }), exemption({ until: hoursLater(8.001) }), block()].map(
        (order) => isTooLong(order, 8),
      ),
      [false, false, true, false],
    );
    assert.equal(isTooLong(exemption(), 0), true);
  });
});

describe("a verdict with orders", () => {
  const codes = ["signature-valid", "no-signature", "exempted", "aws-injected", "registry-unavailable"] as const;

  for (const code of codes) {
    it(`is denied digest-blocked where it was ${code} and the digest is blocked, also beside an exemption`, () => {
      const order = block({ owner: "security" });
      for (const orders of [[order], [exemption(), order]]) {
        const verdict = applyOrders(verdictWith(code), orders, NOW);

        assert.deepEqual([verdict.status, verdict.code, verdict.order?.id], ["denied", "digest-blocked", order.id]);
        assert.match(verdict.detail, /^blocked since 2026-\S+ by security: CVE-2026-1234 is exploited$/);
        assert.equal(verdict.reference, `${IMAGE}@${DIGEST}`);
        assert.equal(verdict.without, undefined);
      }
    });
  }

  for (const code of ["no-signature", "registry-unavailable", "signature-revoked", "verifier-failed"] as const) {
    it(`is exempt where it was ${code}, and says what it would be`, () => {
      const order = exemption();
      const before = verdictWith(code);

      const { status, code: after, detail, without, order: evidence } = applyOrders(before, [order], NOW);

      assert.deepEqual([status, after], ["exempt", "exempted"]);
      assert.deepEqual(without, { status: before.status, code, detail: before.detail });
      const { digest: _digest, image: _image, ...expected } = order;
      assert.deepEqual(evidence, expected);
      assert.match(detail, new RegExp(`until 2026-\\S+ by payments: hotfix .*; without it: ${before.status} ${code}`));
    });
  }

  for (const code of ["signature-valid", "exempted", "aws-injected"] as const) {
    it(`stays as it is where it was ${code} and the digest is exempt`, () => {
      assert.deepEqual(applyOrders(verdictWith(code), [exemption()], NOW), verdictWith(code));
    });
  }

  it("stays as it is once all orders have ended, and before they begin", () => {
    const orders = [exemption(), block({ until: hoursLater(1) }), block({ from: hoursLater(9) })];

    assert.deepEqual(applyOrders(verdictWith("no-signature"), orders, NOW + 4 * HOUR_MS), verdictWith("no-signature"));
  });

  it("names the exemption that ends last", () => {
    const orders = [exemption({ until: hoursLater(2) }), exemption({ until: hoursLater(6) }), exemption()];

    assert.equal(applyOrders(verdictWith("no-signature"), orders, NOW).order?.until, hoursLater(6));
  });
});
