import assert from "node:assert/strict";
import { findWouldStop, type WouldStop } from "../../../../automation/operations/report/would-stop";
import type { ReadRecord } from "../../../../automation/operations/verdict-record";
import { deploymentRecord } from "../../../support/deployment-records";
import { digestOf, launchRecord, type RecordedLaunch } from "../../../support/report-facts";

const short = ({ rows }: Pick<WouldStop, "rows">) =>
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
      const found = findWouldStop(launches.map(launchRecord), undefined);

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

    assert.deepEqual(short(findWouldStop(records, undefined)), [["deployment", "service:web", "no-signature", 1]]);
  });

  it("has what a sweep would have stopped, once for an image of a service, whichever task it names", () => {
    const sweep = { enforcementPoint: "sweep", subject: "running-container" };
    const swept: readonly ReadRecord[] = ["a", "b"].map((task) => ({ ...launchRecord({ task }), ...sweep }));

    const found = short(findWouldStop([launchRecord({}), ...swept], undefined));

    assert.deepEqual(found.map(([point, , , subjects]) => [point, subjects]).sort(), [
      ["launch", 1],
      ["sweep", 1],
    ]);
  });

  it("lists what stayed inconclusive and ran on apart", () => {
    const { rows, undecided } = findWouldStop(
      [launchRecord({ code: "registry-unavailable", response: "none" })],
      undefined,
    );

    assert.deepEqual([rows.length, undecided.map(({ code }) => code)], [0, ["registry-unavailable"]]);
  });

  it("says of how many services nothing would be stopped", () => {
    const trusted = { code: "signature-valid", response: "none" } as const;
    const records = [{}, { ...trusted, task: "b", service: "api" }, { ...trusted, task: "c", service: "mail" }];

    const { workloads } = findWouldStop(records.map(launchRecord), undefined);

    assert.deepEqual(workloads, { judged: 3, stopped: 1, clean: 2 });
  });

  it("has the newest as example, when it was first and last, whether it runs, and what to do", () => {
    const days = [10, 12, 11].map((day) => new Date(`2026-06-${day}T00:00:00.000Z`));
    const records = days.map((createdAt, at) => launchRecord({ task: `t${at}`, image: at, createdAt, took: 0 }));

    const [row] = findWouldStop(records, new Set([digestOf(0)])).rows;

    assert.deepEqual([row?.first, row?.last], ["2026-06-10T00:00:00.000Z", "2026-06-12T00:00:00.000Z"]);
    assert.deepEqual([row?.subjects, row?.images, row?.runsNow, row?.example.digest], [3, 3, true, digestOf(1)]);
    assert.match(row?.next ?? "", /^Sign the image/);
    assert.equal(findWouldStop(records, new Set()).rows[0]?.runsNow, false);
    assert.equal(findWouldStop(records, undefined).rows[0]?.runsNow, null);
  });

  it("shows a code of a newer verifier as it is", () => {
    const [row] = findWouldStop([{ ...launchRecord({}), code: "from-the-future" }], undefined).rows;

    assert.deepEqual([row?.code, row?.next], ["from-the-future", "See docs/verdicts.md."]);
  });
});
