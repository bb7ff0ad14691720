import assert from "node:assert/strict";
import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  EnvironmentNotFound,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
  PulumiUnavailable,
} from "../../../automation/environments/errors";
import { errorJson } from "../../../cli/environments/update-text";
import { CommandFailedError, UsageError } from "../../../cli/lib/errors";
import { EXIT_OF_FAULT } from "../../../cli/lib/exit-code";
import { ConfigurationError } from "../../../configuration/problem";
import { PartitionUnsupportedError } from "../../../trust/partition";
import { TrustDocumentError } from "../../../trust/problem";
import { TrustFileError } from "../../../trust/read";
import { ReferenceInvalidError } from "../../../trust/reference";
import type { FixableError } from "../../../trust/text/fixable-error";

describe("the exit code for an error", () => {
  const errors: readonly (readonly [FixableError, number])[] = [
    [new UsageError("The call is wrong."), 64],
    [new TrustDocumentError([]), 64],
    [new TrustFileError("trust.yaml", "It is no YAML."), 64],
    [new PartitionUnsupportedError("There is no root."), 64],
    [new ReferenceInvalidError("A:b", "its repository has upper-case letters."), 64],
    [new ConfigurationError([], "dev"), 64],
    [new ConfigurationInvalid("dev", "A key is missing."), 64],
    [new EnvironmentNotFound("dev", "There is no such stack."), 64],
    [new PolicyViolation("dev", []), 1],
    [new ConcurrentUpdate("dev", "acme/project/dev", []), 75],
    [new OperationCancelled("dev", "deploy"), 130],
    [new OperationFailed("dev", "deploy", []), 2],
    [new PulumiUnavailable("dev", "Pulumi is not installed."), 2],
    [new CommandFailedError("AWS said no."), 2],
  ];

  for (const [error, code] of errors) {
    it(`${error.name}: ${code}`, () => assert.equal(EXIT_OF_FAULT[error.fault], code));
  }

  it("is decided by what is no fact of the error, and not printed with them", () => {
    assert.deepEqual(errorJson(new EnvironmentNotFound("dev", "There is no such stack.")), {
      type: "EnvironmentNotFound",
      message: "There is no such stack.",
    });
  });
});
