import assert from "node:assert/strict";
import { fromSwept, type RunningImage } from "../../../../automation/operations/report/running-image";
import { findWouldStop as find, type WouldStop } from "../../../../automation/operations/report/would-stop";
import type { ReadRecord } from "../../../../automation/operations/verdict-record";
import { deploymentRecord } from "../../../support/deployment-records";
import { digestOf, launchRecord, type RecordedLaunch, sweptImage, sweptPlace } from "../../../support/report-facts";

function findWouldStop(records: readonly ReadRecord[], running?: readonly RunningImage[]) {
  const found = find({ records, running }) ?? assert.fail();
  return { ...found, rows: found.rows ?? assert.fail(), undecided: found.undecided ?? assert.fail() };
}

const short = ({ rows }: { readonly rows: NonNullable<WouldStop["rows"]> }) =>
  rows.map(({ point, group, code, subjects }) => [point, group, code, subjects]);

describe("what enforce would have stopped", () => {
  const cases: readonly (readonly [string, readonly RecordedLaunch[], readonly unknown[]])[] = [
    [
      "is what was denied and only audited, by service and reason",
      [{ task: "a" }, { task: "b" }, { task: "c", code: "signature-revoked" }, { task: "d", service: "api" }],
      [
        ["launch", "service:web", "no-signature", 2],
        ["launch", "service:web", "signature-revoked", 1],
        ["launch", "service:api", "no-signature", 1],
      ],
    ],
    ["is not what was stopped", [{ response: "stopped" }, { task: "b", response: "budget-used-up" }], []],
    [
      "is not what was trusted beside a denied container",
      [{ container: "web" }, { container: "proxy", code: "signature-valid" }],
      [["launch", "service:web", "no-signature", 1]],
    ],
    [
      "counts a container that was judged again once, by its last verdict",
      [{ code: "no-signature" }, { code: "signature-valid", response: "none" }],
      [],
    ],
    ["does not count a verdict that is not final", [{ code: "registry-unavailable", final: false }], []],
    [
      "counts an inconclusive verdict where the settings make it a denial",
      [{ code: "registry-unavailable" }],
      [["launch", "service:web", "registry-unavailable", 1]],
    ],
    [
      "does not blame an inconclusive container for the denied one beside it",
      [{ container: "web" }, { container: "late", code: "registry-unavailable" }],
      [["launch", "service:web", "no-signature", 1]],
    ],
  ];
  for (const [name, launches, expected] of cases) {
    it(name, () => {
      const found = findWouldStop(launches.map(launchRecord));

      assert.deepEqual(
        new Set(short(found).map((row) => JSON.stringify(row))),
        new Set(expected.map((row) => JSON.stringify(row))),
      );
    });
  }

  it("has deployments that the gate only audited, apart from launches", () => {
    const records = [
      deploymentRecord({}, { outcome: "audited" }),
      deploymentRecord({}, { deployment: "d2", outcome: "refused" }),
    ];

    assert.deepEqual(short(findWouldStop(records)), [["deployment", "service:web", "no-signature", 1]]);
  });

  it("has what a sweep would have stopped, once for an image of a service, whichever task it names", () => {
    const sweep = { enforcementPoint: "sweep", subject: "running-container" };
    const swept: readonly ReadRecord[] = ["a", "b"].map((task) => ({ ...launchRecord({ task }), ...sweep }));

    const found = short(findWouldStop([launchRecord({}), ...swept]));

    assert.deepEqual(found.map(([point, , , subjects]) => [point, subjects]).sort(), [
      ["launch", 1],
      ["sweep", 1],
    ]);
  });

  it("lists what stayed inconclusive and ran on apart", () => {
    const { rows, undecided } = findWouldStop([launchRecord({ code: "registry-unavailable", response: "none" })]);

    assert.deepEqual([rows.length, undecided.map(({ code }) => code)], [0, ["registry-unavailable"]]);
  });

  it("says of how many services nothing would be stopped", () => {
    const trusted = { code: "signature-valid", response: "none" } as const;
    const records = [{}, { ...trusted, task: "b", service: "api" }, { ...trusted, task: "c", service: "mail" }];

    const { workloads } = findWouldStop(records.map(launchRecord));

    assert.deepEqual(workloads, { judged: 3, stopped: 1, runDenied: 0, affected: 1, clean: 2 });
  });

  it("has the newest as example, when it was first and last, whether it runs, and what to do", () => {
    const days = [10, 12, 11].map((day) => new Date(`2026-06-${day}T00:00:00.000Z`));
    const records = days.map((createdAt, at) => launchRecord({ task: `t${at}`, image: at, createdAt, took: 0 }));

    const [row] = findWouldStop(records, [fromSwept(sweptImage(0))]).rows;

    assert.deepEqual([row?.first, row?.last], ["2026-06-10T00:00:00.000Z", "2026-06-12T00:00:00.000Z"]);
    assert.deepEqual([row?.subjects, row?.images, row?.runsNow, row?.example.digest], [3, 3, true, digestOf(1)]);
    assert.match(row?.next ?? "", /^Sign the image/);
    assert.equal(findWouldStop(records, []).rows[0]?.runsNow, false);
    assert.equal(findWouldStop(records).rows[0]?.runsNow, null);
  });

  it("has what runs and is denied, also of a service that launched nothing in these days", () => {
    const denied = { code: "no-signature", since: "2026-01-02T00:00:00.000Z" } as const;
    const running = [
      sweptImage(1, {
        ...denied,
        containers: 3,
        places: [sweptPlace("shop", "service:web", 1), sweptPlace("shop", "service:stock", 2)],
      }),
      sweptImage(2, { ...denied, since: "2026-01-01T00:00:00.000Z", places: [sweptPlace("shop", "service:stock")] }),
      sweptImage(3, { places: [sweptPlace("shop", "service:mail")] }),
      sweptImage(4, { code: "registry-unavailable", places: [sweptPlace("shop", "service:late")] }),
    ].map(fromSwept);

    const { rows, running: stops, workloads } = findWouldStop([launchRecord({})], running);

    assert.equal(rows.length, 1);
    assert.deepEqual(
      stops?.map(({ group, code, images, containers, since }) => [group, code, images, containers, since]),
      [
        ["service:stock", "no-signature", 2, 3, "2026-01-01T00:00:00.000Z"],
        ["service:web", "no-signature", 1, 1, "2026-01-02T00:00:00.000Z"],
      ],
    );
    assert.match(stops?.[0]?.next ?? "", /^Sign the image/);
    assert.deepEqual(workloads, { judged: 4, stopped: 1, runDenied: 2, affected: 2, clean: 1 });
  });

  it("is found from what is known, and what is not known is not none", () => {
    const images = [fromSwept(sweptImage(1, { code: "no-signature" }))];

    const found = [
      find({ records: [], running: undefined }),
      find({ records: undefined, running: images }),
      find({ records: undefined, running: undefined }),
    ];

    assert.deepEqual(
      found.map((one) => one && [one.rows?.length ?? null, one.undecided?.length ?? null, one.running?.length ?? null]),
      [[0, 0, null], [null, null, 1], null],
    );
  });

  it("shows a code of a newer verifier as it is", () => {
    const [row] = findWouldStop([{ ...launchRecord({}), code: "from-the-future" }]).rows;

    assert.deepEqual([row?.code, row?.next], ["from-the-future", "See docs/verdicts.md."]);
  });
});
