import assert from "node:assert/strict";
import { trustFile } from "../../../../cli/gate/judging";

describe("what says whom the environment trusts", () => {
  it("the file that is named, else that of the stack in its project", () => {
    const given = { project: "/infra" };

    assert.equal(trustFile({ ...given, stack: "prod", trust: "trust.yaml" }), "trust.yaml");
    assert.equal(trustFile({ ...given, stack: "prod" }), "/infra/Pulumi.prod.yaml");
    assert.equal(trustFile({ ...given, stack: "company/verifier/prod" }), "/infra/Pulumi.prod.yaml");
    assert.match(trustFile({ stack: "prod" }), /\/Pulumi\.prod\.yaml$/);
  });

  it("must be named if only the outputs are known", () => {
    assert.throws(() => trustFile({}), /Say with --trust FILE/);
  });
});
