import assert from "node:assert/strict";
import {
  checkRunningSettings,
  DeploymentCheckError,
  deploymentCheckRequest,
  parseDeploymentCheckRequest,
  parseDeploymentCheckResult,
} from "../../../../verifier/src/detector/deployment-check";

describe("the check of a deployment", () => {
  it("is told from the events that the function gets", () => {
    const request = deploymentCheckRequest("0a1b");
    assert.deepEqual(parseDeploymentCheckRequest(JSON.parse(JSON.stringify(request))), request);
    for (const event of [{ source: "aws.ecs", detail: request }, { Records: [] }, { check: "deployment" }, null, []]) {
      assert.equal(parseDeploymentCheckRequest(event), undefined);
    }
  });

  it("is passed by a function that runs on the settings of the deployment, and by no other", () => {
    checkRunningSettings("0a1b", "0a1b");
    assert.throws(() => checkRunningSettings("2c3d", "0a1b"), {
      name: DeploymentCheckError.name,
      message: /it still has an earlier image.*pulumi up --refresh.*settings: 2c3d; of the deployment's: 0a1b/,
    });
  });

  it("has an answer that is read, and nothing else is taken for it", () => {
    const answer = { warnings: [{ repository: "app", code: "registry-unavailable", detail: "503" }] };

    assert.deepEqual(parseDeploymentCheckResult(JSON.stringify(answer)), answer);
    const others = [
      "",
      "null",
      "{}",
      '{"errorMessage":"x"}',
      '{"warnings":[{"repository":"a","code":"?","detail":""}]}',
    ];
    for (const text of others) assert.equal(parseDeploymentCheckResult(text), undefined, text);
  });
});
