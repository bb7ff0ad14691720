import assert from "node:assert/strict";
import { filterPattern, isWanted } from "../../../automation/operations/verdict-filter";
import { deploymentRecord } from "../../support/deployment-records";
import { recordWith } from "../../support/launch";

describe("the filter pattern for CloudWatch Logs", () => {
  it("asks for verdicts alone if nothing else is wanted", () => {
    assert.equal(filterPattern({}), '{ ($.message = "Image Verdict") }');
  });

  it("has everything that is wanted, with the end of an ARN for a name; not the repository", () => {
    const wanted = {
      statuses: ["denied", "inconclusive"],
      code: "no-signature",
      task: "4cf3",
      repository: "a",
    } as const;

    assert.equal(
      filterPattern({ ...wanted, cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/orders" }),
      '{ ($.message = "Image Verdict") && ($.verdict.status = "denied" || $.verdict.status = "inconclusive")' +
        ' && ($.verdict.code = "no-signature") && ($.verdict.task = "*/4cf3")' +
        ' && ($.verdict.cluster = "arn:aws:ecs:eu-west-1:111122223333:cluster/orders") }',
    );
  });

  it("takes the ARN of a deployment, or its id", () => {
    const arn = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/shop/web/d1";

    assert.match(filterPattern({ deployment: "d1" }), / && \(\$\.verdict\.deployment = "\*\/d1"\) \}$/);
    assert.ok(filterPattern({ deployment: arn }).includes(`= "${arn}"`));
    const [record, other] = [deploymentRecord(), deploymentRecord({}, { deployment: "d2" })];
    for (const deployment of [arn, "d1"]) {
      assert.deepEqual([isWanted(record, { deployment }), isWanted(other, { deployment })], [true, false]);
    }
    assert.equal(isWanted(recordWith(), { deployment: "d1" }), false);
  });

  it("lets nothing break out of the quotes", () => {
    assert.equal(
      filterPattern({ code: '" || \\' }),
      '{ ($.message = "Image Verdict") && ($.verdict.code = "\\" || \\\\") }',
    );
  });
});
