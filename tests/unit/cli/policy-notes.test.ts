import assert from "node:assert/strict";
import { policyNotes } from "../../../cli/trust/policy-notes";

describe("the notes on Notation's trust policy", () => {
  it("name the conditions of a statement that Notation does not know", () => {
    const statements = [
      { name: "release" },
      { name: "payments", require: [], signedAfter: "2026-01-01" },
      { name: "mirror", require: null, signaturesFrom: "registry.example.com/app" },
    ];

    assert.deepEqual(policyNotes(statements), [
      'Note: Notation does not know require, signedAfter of the statement "payments"; only the verifier checks that.',
      'Note: Notation does not know signaturesFrom of the statement "mirror"; only the verifier checks that.',
    ]);
  });
});
