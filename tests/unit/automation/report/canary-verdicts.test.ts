import assert from "node:assert/strict";
import { leaveOutCanary } from "../../../../automation/operations/report/canary-verdicts";
import { digestOf, ECS, launchRecord } from "../../../support/report-facts";

describe("the canary's verdicts in a report", () => {
  const canary = {
    cluster: `${ECS}:cluster/ecs-image-verification-canary-prod`,
    taskDefinition: launchRecord({ image: 7 }).taskDefinition,
    digest: digestOf(7),
  };
  const ofCanary = { ...launchRecord({ image: 7 }), cluster: canary.cluster };

  it("are left out and counted, also before ECS reports the digest", () => {
    const { digest: _, ...early } = ofCanary;
    const web = launchRecord({});

    assert.deepEqual(leaveOutCanary([ofCanary, early, web], canary), { records: [web], canaryVerdicts: 2 });
  });

  it("are no cover for another image in its cluster, nor for its image in another", () => {
    const others = [
      { ...launchRecord({ image: 8 }), cluster: canary.cluster },
      launchRecord({ image: 7 }),
      { ...ofCanary, digest: digestOf(9) },
      { ...ofCanary, taskDefinition: `${ECS}:task-definition/other:1` },
    ];

    assert.deepEqual(leaveOutCanary(others, canary), { records: others, canaryVerdicts: 0 });
  });

  it("stay where it is not known that there is a canary", () => {
    assert.deepEqual(leaveOutCanary([ofCanary], undefined), { records: [ofCanary], canaryVerdicts: 0 });
  });
});
