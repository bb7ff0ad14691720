import assert from "node:assert/strict";
import { accountInState } from "../../../automation/environments/state-account";

describe("the account of what a failed first update has left", () => {
  const table = { arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger" };

  it("is that of the ARNs of its resources", () => {
    assert.equal(accountInState([{}, null, { arn: "arn:aws:s3:::bucket" }, table]), "111122223333");
  });

  it("is not known without ARNs, or with those of several accounts", () => {
    assert.equal(accountInState([{ arn: 7 }, { name: "x" }]), undefined);
    assert.equal(accountInState([table, { arn: "arn:aws:sqs:eu-west-1:999988887777:queue" }]), undefined);
  });
});
