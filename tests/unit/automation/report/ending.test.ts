import assert from "node:assert/strict";
import type { ListedOrder } from "../../../../automation/operations/orders/list-orders";
import { findCoverage } from "../../../../automation/operations/report/coverage";
import { findEnding, firstToEnd } from "../../../../automation/operations/report/ending";
import { fromSwept } from "../../../../automation/operations/report/running-image";
import { digestOf, ECS, NOW, REGISTRY, sweepOf, sweptImage, sweptPlace } from "../../../support/report-facts";

const nothing = { running: [], exemptions: [], orders: [], now: NOW };

function order(changes: Partial<ListedOrder["order"]> = {}, state: ListedOrder["state"] = "in-force"): ListedOrder {
  const image = `${REGISTRY}/team/app`;
  const from = "2026-06-15T10:00:00.000Z";
  return {
    order: { kind: "exempt", id: "o1", digest: digestOf(1), image, from, reason: "incident", ...changes },
    state,
  };
}

describe("what ends", () => {
  it("are the signatures of trusted images that end within 30 days, the first to end first", () => {
    const images = [
      sweptImage(1, { validUntil: "2026-07-10T12:30:00.000Z" }),
      sweptImage(2, { validUntil: "2026-06-15T23:00:00.000Z" }),
      sweptImage(3, { validUntil: "2026-07-20T00:00:00.000Z" }),
      sweptImage(4),
      sweptImage(5, { validUntil: "2026-06-15T12:10:00.000Z" }),
      sweptImage(6, { code: "signature-expired", validUntil: "2026-06-16T00:00:00.000Z" }),
    ];

    const { signatures } = findEnding({ ...nothing, running: images.map(fromSwept) });

    assert.deepEqual(
      signatures?.map(({ digest, daysLeft }) => [digest, daysLeft]),
      [
        [digestOf(5), -1],
        [digestOf(2), 0],
        [digestOf(1), 25],
      ],
    );
  });

  it("are not known if it is not known what runs", () => {
    const { signatures, orders } = findEnding({ ...nothing, running: undefined, orders: [order()] });

    assert.deepEqual([signatures, orders?.[0]?.running], [null, null]);
  });

  it("are not known, which is not none, where the trust document or the orders are not", () => {
    const unknown = findEnding({ ...nothing, exemptions: undefined, orders: undefined });
    const none = findEnding(nothing);

    assert.deepEqual([unknown.exemptions, unknown.orders], [null, null]);
    assert.deepEqual([none.exemptions, none.orders], [[], []]);
  });

  it("are exemptions of the document and orders, with those that have no end last, and without those that have ended", () => {
    const exemption = { owner: "team", reason: "old", expires: "2026-06-20" };
    const { exemptions, orders } = findEnding({
      ...nothing,
      exemptions: [
        { ...exemption, image: `${REGISTRY}/team/legacy` },
        { ...exemption, image: `${REGISTRY}/team/past`, expires: "2026-06-01" },
      ],
      orders: [
        order({ kind: "block", id: "b" }),
        order({ until: "2026-06-15T18:00:00.000Z", owner: "ops" }),
        order({}, "ended"),
      ],
    });

    assert.deepEqual(
      firstToEnd([...(orders ?? []), ...(exemptions ?? [])]).map(({ source, daysLeft, owner }) => [
        source,
        daysLeft,
        owner,
      ]),
      [
        ["trust-document", -14, "team"],
        ["exempt", 0, "ops"],
        ["trust-document", 5, "team"],
        ["block", null, null],
      ],
    );
  });

  it("says whether something runs by it, under any name of the registry", () => {
    const dual = REGISTRY.replace(".dkr.ecr.", ".dkr-ecr.").replace("amazonaws.com", "on.aws");
    const running = [fromSwept(sweptImage(1, { code: "exempted", repository: `${dual}/team/legacy` }))];
    const exemption = { owner: "team", reason: "old", expires: "2026-06-20" };

    const { exemptions, orders } = findEnding({
      ...nothing,
      running,
      exemptions: [
        { ...exemption, image: `${REGISTRY}/team/legacy` },
        { ...exemption, image: `${REGISTRY}/team/legacy@${digestOf(9)}` },
      ],
      orders: [order()],
    });

    assert.deepEqual(exemptions?.map(({ running: runs }) => runs).sort(), [false, true]);
    assert.deepEqual(
      orders?.map(({ running: runs }) => runs),
      [true],
    );
  });
});

describe("coverage", () => {
  const running = [
    sweptImage(1),
    sweptImage(2, { seenAtLaunch: false, places: [sweptPlace("other", "family:job")] }),
    sweptImage(3, { kind: "aws-injected", code: "aws-injected", seenAtLaunch: false }),
  ];

  it("says of how many services the gate is asked, and where it enforces", () => {
    const states = ["attached", "attached-otherwise", "not-attached", "cannot-have-hooks"] as const;
    const services = states.map((gate) => ({ cluster: "c", group: `service:${gate}`, gate, mode: "enforce" as const }));

    const { gate } = findCoverage({ services, running: undefined, sweep: undefined, watchedClusters: undefined });

    assert.deepEqual([gate?.services, gate?.gated, gate?.enforced], [4, 2, 2]);
  });

  it("says what was never launched, without what AWS adds, and where nobody watches", () => {
    const { detector } = findCoverage({
      services: undefined,
      running: running.map(fromSwept),
      sweep: sweepOf(running),
      watchedClusters: [`${ECS}:cluster/shop`],
    });

    assert.deepEqual(detector, { images: 2, neverLaunched: 1, notWatched: [`${ECS}:cluster/other`] });
  });

  it("is not known without a gate and a sweep", () => {
    const none = findCoverage({
      services: undefined,
      running: undefined,
      sweep: undefined,
      watchedClusters: undefined,
    });

    assert.deepEqual(none, { gate: null, detector: null, sweep: null });
  });
});
