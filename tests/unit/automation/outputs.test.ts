import assert from "node:assert/strict";
import { parseEnvironmentOutputs } from "../../../automation/environments/outputs";
import { OUTPUTS } from "../../support/environment-outputs";

const SWEEP = {
  sweepFunctionName: "ecs-image-verification-sweep-prod",
  sweepWorkerFunctionName: "sweep-worker",
  sweepLogGroup: "sweep-log",
  sweepQueue: "sweep-queue",
  sweepDeadLetterQueue: "sweep-dead-letters",
};

describe("the outputs of an environment", () => {
  for (const [title, outputs] of [
    ["without a sweep, as of an earlier version", OUTPUTS],
    ["with a sweep", { ...OUTPUTS, ...SWEEP }],
    ["with a runbook of its own", { ...OUTPUTS, runbookUrl: "https://wiki.example.com/runbook" }],
    [
      "with a canary",
      {
        ...OUTPUTS,
        canaryCluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/canary",
        canaryTaskDefinition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/sample:1",
        canaryDigest: "sha256:1",
      },
    ],
    ["with outputs that this version does not know", { ...OUTPUTS, ofLater: 1 }],
  ] as const) {
    it(`are read ${title}`, () => {
      assert.deepEqual(parseEnvironmentOutputs(outputs), { outputs });
    });
  }

  it("are refused with each one of the sweep that is no text, by its name", () => {
    for (const name of Object.keys(SWEEP)) {
      assert.deepEqual(parseEnvironmentOutputs({ ...OUTPUTS, [name]: 1 }), {
        problems: [`${name} is 1, and must be text`],
      });
    }
  });
});
