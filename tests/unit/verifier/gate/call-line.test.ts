import assert from "node:assert/strict";
import { formatCallLine, readCallLine } from "../../../../verifier/src/gate/call-line";
import { DEPLOYMENT, hookCall } from "../../../support/gate";
import { loggedInLambda } from "../../../support/lambda-line";

describe("the line for a call of ECS in the gate's log", () => {
  it("is read with its stage and deployment, with and without what Lambda writes before it", () => {
    const line = formatCallLine(hookCall("POST_SCALE_UP"));

    for (const text of [line, loggedInLambda(line)]) {
      assert.deepEqual(readCallLine(text), { stage: "POST_SCALE_UP", deployment: DEPLOYMENT });
    }
  });

  it("says why the gate cannot read a call", () => {
    const read = readCallLine(formatCallLine({ lifecycleStage: "PRE_SCALE_UP", executionId: "1" }));

    assert.match(read?.problem ?? "", /no readable stage/);
    assert.deepEqual([read?.stage, read?.deployment], ["PRE_SCALE_UP", "1"]);
  });

  it("is no other line", () => {
    for (const line of ["", "START RequestId: 1", "{", '{"message":"Image Verdict","verdict":{}}']) {
      assert.equal(readCallLine(line), undefined);
    }
  });
});
