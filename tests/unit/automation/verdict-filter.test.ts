import assert from "node:assert/strict";
import { filterPattern } from "../../../automation/operations/verdict-filter";

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

  it("lets nothing break out of the quotes", () => {
    assert.equal(
      filterPattern({ code: '" || \\' }),
      '{ ($.message = "Image Verdict") && ($.verdict.code = "\\" || \\\\") }',
    );
  });
});
