import assert from "node:assert/strict";
import { parseEnvironmentOutputs } from "../../../automation/environments/outputs";

/** What an environment without gate and sweep has as outputs, and what one had before there was a sweep. */
const OUTPUTS = {
  environment: "prod",
  account: "111122223333",
  region: "eu-west-1",
  mode: "enforce",
  registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  signingProfileArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
  functionName: "verifier",
  logGroup: "verifier-log",
  ledgerTable: "ledger",
  failureQueue: "failures",
  deadLetterQueue: "dead-letters",
  unconfirmedRecipients: [],
};

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
