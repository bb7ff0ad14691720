import assert from "node:assert/strict";
import { describeFault } from "../../../cli/images/command-fault";
import type { Fault } from "../../../verifier/src/notation/protocol";

const PROFILE = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";

describe("a fault of signing or inspecting, for people", () => {
  const cases: [string, Fault, RegExp][] = [
    [
      "Signer says no",
      { stage: "sign", kind: "access-denied", detail: "Failed to call AWSSigner. Error: ." },
      /^Asking AWS Signer for a signature with arn:.*release failed: Failed to call AWSSigner\. Error: .* signer:SignPayload/,
    ],
    [
      "Signer is throttled",
      { stage: "sign", kind: "unavailable", detail: "x" },
      /failed: x\. Try again in a minute\.$/,
    ],
    ["the profile is not there", { stage: "sign", kind: "rejected", detail: "x" }, /must exist, be active/],
    ["the plugin cannot run", { stage: "sign", kind: "misconfigured", detail: "x" }, /^Running the AWS Signer plugin/],
    ["the registry says no", { stage: "resolve", kind: "access-denied", detail: "x" }, /may read it.*--username/],
    [
      "it must not be pushed",
      { stage: "push", kind: "access-denied", detail: "x" },
      /signature was made.*ecr:PutImage/,
    ],
    ["a deadline", { stage: "list", kind: "deadline", detail: "x" }, /more time with --timeout\.$/],
    ["what has no words of its own", { kind: "too-large", detail: "x." }, /^The work failed: x\.$/],
  ];
  for (const [what, fault, says] of cases) {
    it(what, () => {
      assert.match(describeFault(fault, { profile: PROFILE, timeoutOption: "--timeout" }), says);
    });
  }
});
