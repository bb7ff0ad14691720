import assert from "node:assert/strict";
import { accountInState } from "../../../automation/environments/state-account";

describe("the account of what a failed first update has left", () => {
  const made = (outputs: unknown) => ({ custom: true, outputs });
  const table = made({ arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger" });
  const elsewhere = { arn: "arn:aws:signer:eu-west-1:999988887777:/signing-profiles/release" };

  it("is that of the ARNs of its resources", () => {
    assert.equal(accountInState([made({}), made(null), made({ arn: "arn:aws:s3:::bucket" }), table]), "111122223333");
  });

  it("is not known without ARNs, or with those of several accounts", () => {
    assert.equal(accountInState([made({ arn: 7 }), made({ name: "x" })]), undefined);
    assert.equal(accountInState([table, made(elsewhere)]), undefined);
  });

  it("is not that of a component, which may be for a profile of another account", () => {
    const component = { custom: false, outputs: elsewhere };

    assert.equal(accountInState([component]), undefined);
    assert.equal(accountInState([component, table]), "111122223333");
  });
});
