import assert from "node:assert/strict";
import { type ReasonCode, toStatus } from "../../../../verifier/src/verification/verdict";

describe("reason codes", () => {
  const expected: [ReasonCode, string][] = [
    ["signature-valid", "trusted"],
    ["no-signature", "denied"],
    ["identity-not-trusted", "denied"],
    ["signature-expired", "denied"],
    ["signature-revoked", "denied"],
    ["signature-invalid", "denied"],
    ["untrusted-root", "denied"],
    ["certificate-not-valid", "denied"],
    ["signature-unsupported", "denied"],
    ["signature-unreadable", "denied"],
    ["too-many-signatures", "denied"],
    ["image-not-found", "denied"],
    ["digest-unreported", "denied"],
    ["registry-not-allowed", "denied"],
    ["no-applicable-statement", "denied"],
    ["reference-invalid", "denied"],
    ["registry-unavailable", "inconclusive"],
    ["registry-access-denied", "inconclusive"],
    ["signer-unavailable", "inconclusive"],
    ["signer-access-denied", "inconclusive"],
    ["verifier-misconfigured", "inconclusive"],
    ["deadline-exceeded", "inconclusive"],
    ["verifier-failed", "inconclusive"],
    ["signing-in-progress", "inconclusive"],
    ["exempted", "exempt"],
    ["aws-injected", "exempt"],
  ];

  for (const [code, status] of expected) {
    it(`${code} means ${status}`, () => assert.equal(toStatus(code), status));
  }
});
