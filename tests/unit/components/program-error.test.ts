import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi/errors";
import { PolicyTooLargeError } from "../../../components/aws/policy-size";
import { forPulumi } from "../../../components/program-error";
import { ConfigurationError } from "../../../configuration/problem";
import { TrustDocumentError } from "../../../trust/problem";

/** As Pulumi tells it; without a type guard, for what an error is to Pulumi does not take away what it is to us. */
const isRunError = (error: unknown): boolean => RunError.isInstance(error);

describe("an error in a program", () => {
  it("is shown by its message alone if a person can fix it, and stays what it is", () => {
    for (const error of [new TrustDocumentError([]), new ConfigurationError([], "dev")]) {
      assert.ok(!isRunError(error));
      const shown = forPulumi(error);
      assert.equal(shown, error);
      assert.ok(isRunError(error));
      assert.equal(error.stack, error.message);
    }
  });

  it("is so from the beginning if a component has it", () => {
    const error = new PolicyTooLargeError("has 7000 characters");

    assert.ok(isRunError(error));
    assert.equal(error.stack, error.message);
    assert.equal(error.name, "PolicyTooLargeError");
  });

  it("keeps its stack if it is a surprise", () => {
    const surprise = new TypeError("x is undefined");
    const { stack } = surprise;

    assert.equal(forPulumi(surprise), surprise);
    assert.ok(!isRunError(surprise));
    assert.equal(surprise.stack, stack);
    assert.equal(forPulumi("text"), "text");
  });
});
