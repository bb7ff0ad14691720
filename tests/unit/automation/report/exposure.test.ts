import assert from "node:assert/strict";
import { measureExposure } from "../../../../automation/operations/report/exposure";
import { countHistory } from "../../../../automation/operations/report/verdict-history";
import { deploymentRecord } from "../../../support/deployment-records";
import { launchRecord, NOW } from "../../../support/report-facts";

describe("the exposure to what is denied", () => {
  it("has median, 95 % and worst of times that were measured", () => {
    const records = Array.from({ length: 20 }, (_, at) => launchRecord({ task: `t${at}`, took: (at + 1) * 1000 }));

    const { toVerdict } = measureExposure(records);

    const { tasks, median, p95, worst, worstTask } = toVerdict ?? assert.fail();
    assert.deepEqual([tasks, median, p95, worst], [20, 10_000, 19_000, 20_000]);
    assert.match(worstTask.task, /\/t19$/);
    assert.equal(worstTask.group, "service:web");
  });

  it("counts a task with several denied containers once, from its first denial to its stop", () => {
    const records = [
      launchRecord({ container: "web", took: 2000, response: "budget-used-up" }),
      launchRecord({ container: "proxy", took: 2500, response: "budget-used-up" }),
      launchRecord({ container: "web", took: 600_000, response: "stopped" }),
      launchRecord({ container: "web", took: 700_000, response: "stopped" }),
    ];

    const { toVerdict, toStop, notStopped } = measureExposure(records);

    assert.deepEqual([toVerdict?.tasks, toVerdict?.worst], [1, 2000]);
    assert.deepEqual([toStop?.tasks, toStop?.worst, notStopped], [1, 600_000, 0]);
  });

  it("has no time of a stop for what was not stopped", () => {
    const responses = ["audited", "alert-only", "managed-daemon", "failed", "already-stopped"] as const;
    const records = responses.map((response) => launchRecord({ task: response, response }));

    const { toStop, notStopped } = measureExposure(records);

    assert.deepEqual([toStop, notStopped], [null, 5]);
  });

  it("is not about deployments, trusted images, and verdicts that are not final", () => {
    const records = [
      deploymentRecord(),
      launchRecord({ code: "signature-valid" }),
      launchRecord({ final: false }),
      { ...launchRecord({ task: "s" }), enforcementPoint: "sweep" },
    ];

    assert.deepEqual(measureExposure(records), { toVerdict: null, toStop: null, notStopped: 0 });
  });
});

describe("the verdicts of the last days", () => {
  const since = new Date("2026-06-13T18:00:00.000Z");

  it("are counted by day and status, with every day, each container by its last verdict", () => {
    const records = [
      launchRecord({ task: "a", code: "registry-unavailable", response: "none", final: false }),
      launchRecord({ task: "a", code: "signature-valid", response: "none" }),
      launchRecord({ task: "b" }),
    ];

    const history = countHistory(records, since, NOW);

    assert.deepEqual(
      history.byDay.map(({ day, trusted, denied }) => [day, trusted, denied]),
      [
        ["2026-06-13", 0, 0],
        ["2026-06-14", 1, 1],
        ["2026-06-15", 0, 0],
      ],
    );
    assert.deepEqual(history.verdicts, { trusted: 1, denied: 1, inconclusive: 0, exempt: 0 });
    assert.deepEqual(history.responses, [{ point: "launch", response: "audited", subjects: 1 }]);
  });

  it("keep a result although the container is judged again", () => {
    const records = [launchRecord({}), launchRecord({ code: "registry-unavailable", final: false })];

    const { verdicts, notFinal } = countHistory(records, since, NOW);

    assert.deepEqual([verdicts.denied, verdicts.inconclusive, notFinal], [1, 0, 0]);
  });
});
