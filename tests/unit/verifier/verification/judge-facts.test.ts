import assert from "node:assert/strict";
import { CHECKS, type Fault, type VerificationFacts } from "../../../../verifier/src/notation/protocol";
import { type ReasonCode, toStatus } from "../../../../verifier/src/verification/verdict";
import {
  DIGEST,
  factsOf,
  failedAt,
  failedWith,
  judgeByRelease,
  notVerified,
  PROFILE_VERSION,
  SIGNATURE,
  valid,
} from "./facts";

const fault = (stage: NonNullable<Fault["stage"]>, kind: Fault["kind"]): Fault => ({ stage, kind, detail: "why" });
const repeat = (count: number) => Array.from({ length: count }, () => failedAt("fetch", "not-found"));

function throttled() {
  const failed = failedAt("fetch", "unavailable");
  return { ...failed, fault: { kind: "unavailable", detail: "slow down", status: 429 } as const };
}

/** Every code that can come from facts, and every way to it. */
const table: [ReasonCode, string, VerificationFacts][] = [
  ["signature-valid", "one valid", factsOf({ outcome: "verified", signatures: [valid] })],
  [
    "signature-valid",
    "a valid one after others, whatever theirs is",
    factsOf({ outcome: "verified", signatures: [failedAt("revocation", "unavailable"), failedAt("fetch"), valid] }),
  ],
  ["no-signature", "none listed", factsOf()],
  ["identity-not-trusted", "another profile", notVerified(failedAt("identity"))],
  ["identity-not-trusted", "a profile that only the process lists", notVerified({ ...valid, profileVersion: "other" })],
  ["signature-too-old", "signed too long ago", notVerified(failedAt("age"))],
  ["signers-missing", "the answer of a process that asks for more than the statement", notVerified(valid)],
  ["signature-expired", "expired", notVerified(failedAt("expiry"))],
  ["signature-revoked", "revoked", notVerified(failedAt("revocation", "revoked"))],
  ["signature-invalid", "made for another image", notVerified(failedAt("target"))],
  ["signature-invalid", "tampered", notVerified(failedAt("integrity"))],
  ["signature-invalid", "refused by Signer", notVerified(failedAt("revocation", "rejected"))],
  ["signature-invalid", "revocation failed in an unknown way", notVerified(failedAt("revocation", "refused"))],
  ["signature-invalid", "a fact that says nothing", notVerified({ digest: SIGNATURE, valid: false })],
  [
    "signature-invalid",
    "a fault without a check",
    notVerified({ digest: SIGNATURE, valid: false, fault: { kind: "unavailable", detail: "" } }),
  ],
  ["untrusted-root", "another root", notVerified(failedAt("trust-store"))],
  ["certificate-not-valid", "not valid at signing time", notVerified(failedAt("signing-time"))],
  ["signature-unsupported", "another plugin", notVerified(failedAt("plugin"))],
  ["signature-unsupported", "an unknown attribute", notVerified(failedAt("attributes"))],
  ["signature-unreadable", "missing", notVerified(failedAt("fetch", "not-found"))],
  ["signature-unreadable", "too large", notVerified(failedAt("fetch", "too-large"))],
  ["signature-unreadable", "not what its digest says", notVerified(failedAt("fetch", "rejected"))],
  ["signature-unreadable", "a list that makes no sense", failedWith(fault("list", "rejected"))],
  ["too-many-signatures", "the limit reached", factsOf({ outcome: "too-many-signatures", signatures: repeat(50) })],
  ["too-many-signatures", "pages without a signature", factsOf({ outcome: "too-many-signatures", pages: 100 })],
  ["too-many-signatures", "deadline within a long list", failedWith(fault("list", "deadline"), { pages: 2 })],
  [
    "too-many-signatures",
    "deadline after several signatures",
    failedWith(fault("verify", "deadline"), { signatures: repeat(2), pages: 1 }),
  ],
  [
    "too-many-signatures",
    "more than Signer is asked about",
    factsOf({
      outcome: "too-many-signatures",
      signatures: [failedAt("revocation", "revoked"), failedAt("revocation", "over-limit")],
    }),
  ],
  [
    "too-many-signatures",
    "several revoked, one that Signer did not answer about, and more than it is asked about",
    factsOf({
      outcome: "too-many-signatures",
      signatures: [
        failedAt("revocation", "revoked"),
        failedAt("revocation", "unavailable"),
        failedAt("revocation", "revoked"),
        failedAt("revocation", "over-limit"),
      ],
    }),
  ],
  [
    "too-many-signatures",
    "the deadline, when Signer has answered about several",
    failedWith(fault("verify", "deadline"), {
      signatures: [
        failedAt("revocation", "revoked"),
        failedAt("revocation", "revoked"),
        failedAt("revocation", "deadline"),
      ],
      pages: 1,
    }),
  ],
  [
    "too-many-signatures",
    "a registry that throttles us after many signatures",
    notVerified(...repeat(10), throttled()),
  ],
  ["registry-unavailable", "a registry that throttles us after a few", notVerified(...repeat(9), throttled())],
  ["image-not-found", "no such manifest", failedWith(fault("resolve", "not-found"))],
  ["image-not-found", "an answer that is no manifest", failedWith(fault("resolve", "rejected"))],
  ["image-not-found", "gone while its signatures were listed", failedWith(fault("list", "not-found"))],
  ["no-applicable-statement", "no statement", failedWith(fault("policy", "no-statement"))],
  ["reference-invalid", "a reference that is none", failedWith(fault("request", "rejected"))],
  ["registry-login-required", "the image", failedWith(fault("resolve", "login-required"))],
  ["registry-login-required", "the list", failedWith(fault("list", "login-required"))],
  ["signature-unreadable", "a login is wanted for a signature", notVerified(failedAt("fetch", "login-required"))],
  ["repository-access-denied", "the image", failedWith(fault("resolve", "repository-denied"))],
  ["repository-access-denied", "the list", failedWith(fault("list", "repository-denied"))],
  ["signature-unreadable", "a signature is refused us", notVerified(failedAt("fetch", "repository-denied"))],
  ["registry-unavailable", "the image", failedWith(fault("resolve", "unavailable"))],
  ["registry-unavailable", "the list", failedWith(fault("list", "unavailable"))],
  ["registry-unavailable", "a signature", notVerified(failedAt("fetch", "unavailable"))],
  ["registry-access-denied", "the image", failedWith(fault("resolve", "access-denied"))],
  ["registry-access-denied", "the list", failedWith(fault("list", "access-denied"))],
  ["registry-access-denied", "a signature", notVerified(failedAt("fetch", "access-denied"))],
  ["signer-unavailable", "revocation not asked", notVerified(failedAt("revocation", "unavailable"))],
  [
    "signer-unavailable",
    "Signer answers nothing, and there are more than it is asked about",
    factsOf({
      outcome: "too-many-signatures",
      signatures: [failedAt("revocation", "unavailable"), failedAt("revocation", "over-limit")],
    }),
  ],
  ["signer-access-denied", "our credentials", notVerified(failedAt("revocation", "access-denied"))],
  ["verifier-misconfigured", "the plugin", notVerified(failedAt("revocation", "misconfigured"))],
  ["verifier-misconfigured", "the process", failedWith(fault("process", "misconfigured"))],
  ["deadline-exceeded", "the image", failedWith(fault("resolve", "deadline"))],
  ["deadline-exceeded", "the first page", failedWith(fault("list", "deadline"), { pages: 1 })],
  [
    "deadline-exceeded",
    "one signature tried, and one cut off",
    failedWith(fault("verify", "deadline"), {
      signatures: [failedAt("fetch", "not-found"), failedAt("fetch", "deadline")],
      pages: 1,
    }),
  ],
  ["verifier-failed", "the process", failedWith(fault("process", "crashed"))],
];

describe("the judgement of facts", () => {
  for (const [code, what, facts] of table) {
    it(`${toStatus(code)} ${code}: ${what}`, () => {
      assert.equal(judgeByRelease(facts).code, code);
    });
  }

  it("covers every code that can come from a verification", () => {
    const elsewhere: ReasonCode[] = [
      "digest-unreported",
      "registry-not-allowed",
      "signing-in-progress",
      "exempted",
      "aws-injected",
    ];

    const missing = elsewhere.filter((code) => table.some(([covered]) => covered === code));

    assert.deepEqual(missing, []);
    assert.equal(new Set(table.map(([code]) => code)).size + elsewhere.length, 30);
  });

  it("has the digest, the evidence and the signer of a valid signature", () => {
    const signature = {
      digest: SIGNATURE,
      profileVersion: PROFILE_VERSION,
      job: valid.job,
      signingTime: valid.signingTime,
      expiry: valid.expiry,
    };

    assert.deepEqual(judgeByRelease(factsOf({ outcome: "verified", signatures: [failedAt("fetch"), valid] })), {
      code: "signature-valid",
      detail: `signed by ${PROFILE_VERSION} at 2026-06-01T00:00:00Z`,
      digest: DIGEST,
      signature,
      counted: [signature],
      validUntil: "2037-09-01T00:00:00.000Z",
    });
  });

  it("has the service's own text and the evidence of the signature that decided", () => {
    const expired = { ...valid, ...failedAt("expiry", "refused", "expired on Monday") };

    const judgement = judgeByRelease(notVerified(failedAt("fetch", "not-found"), expired));

    assert.equal(judgement.detail, "expired on Monday");
    assert.equal(judgement.signature?.profileVersion, PROFILE_VERSION);
  });

  it("has no digest where the registry told none", () => {
    const { digest: _, ...facts } = failedWith(fault("resolve", "unavailable"));

    assert.deepEqual(judgeByRelease(facts), { code: "registry-unavailable", detail: "why" });
  });

  it("does not trust a signature that the outcome does not confirm, nor an outcome without a signature", () => {
    assert.notEqual(judgeByRelease(notVerified(valid)).code, "signature-valid");
    assert.notEqual(judgeByRelease(factsOf({ outcome: "verified" })).code, "signature-valid");
    assert.notEqual(
      judgeByRelease(factsOf({ outcome: "verified", signatures: [failedAt("expiry")] })).code,
      "signature-valid",
    );
  });
});

describe("the judgement of several signatures", () => {
  it("is undecided if one could still be valid, wherever it stands", () => {
    const undecided = failedAt("revocation", "unavailable");
    for (const check of CHECKS) {
      for (const signatures of [
        [undecided, failedAt(check)],
        [failedAt(check), undecided],
      ]) {
        assert.equal(judgeByRelease(notVerified(...signatures)).code, "signer-unavailable", check);
      }
    }
  });

  it("is undecided by the one that got furthest", () => {
    const [registry, signer] = [failedAt("fetch", "unavailable"), failedAt("revocation", "access-denied")];

    assert.equal(judgeByRelease(notVerified(registry, signer)).code, "signer-access-denied");
    assert.equal(judgeByRelease(notVerified(signer, registry)).code, "signer-access-denied");
  });

  it("is undecided also when the limit or the deadline was reached", () => {
    const signatures = [failedAt("fetch", "not-found"), failedAt("revocation", "unavailable"), failedAt("expiry")];

    for (const facts of [
      factsOf({ outcome: "too-many-signatures", signatures, pages: 1 }),
      failedWith(fault("verify", "deadline"), { signatures, pages: 3 }),
    ]) {
      assert.equal(judgeByRelease(facts).code, "signer-unavailable");
    }
  });

  it("is not undecided by faults of a signature that only look like the infrastructure's", () => {
    const lookAlikes = CHECKS.filter((check) => check !== "fetch" && check !== "revocation").flatMap((check) =>
      (["unavailable", "access-denied", "misconfigured", "deadline"] as const).map((kind) => failedAt(check, kind)),
    );

    for (const signature of lookAlikes) {
      assert.equal(toStatus(judgeByRelease(notVerified(signature)).code), "denied", signature.fault?.detail);
    }
  });

  it("is that of the one that got furthest", () => {
    const codes = CHECKS.map((_, index) => {
      const signatures = CHECKS.slice(0, index + 1).map((earlier) => failedAt(earlier));
      const forwards = judgeByRelease(notVerified(...signatures)).detail;
      assert.equal(judgeByRelease(notVerified(...signatures.reverse())).detail, forwards);
      return forwards;
    });

    assert.deepEqual(
      codes,
      CHECKS.map((check) => `${check} refused`),
    );
  });

  it("is that of the first of two that got equally far", () => {
    const judgement = judgeByRelease(
      notVerified(failedAt("revocation", "revoked", "first"), failedAt("revocation", "rejected", "second")),
    );

    assert.deepEqual([judgement.code, judgement.detail], ["signature-revoked", "first"]);
  });

  it("says, over the limit, how many were tried and how far one got", () => {
    const signatures = [...repeat(49), failedAt("expiry", "refused", "expired on Monday")];

    const { detail } = judgeByRelease(factsOf({ outcome: "too-many-signatures", signatures }));

    assert.equal(
      detail,
      "none of the 50 signatures tried is valid, and there are more; the one that got furthest failed at expiry: expired on Monday",
    );
  });

  it("does not count, at the deadline, the signature that the deadline cut off", () => {
    const signatures = [...repeat(2), failedAt("fetch", "deadline")];

    const { code, detail } = judgeByRelease(failedWith(fault("verify", "deadline"), { signatures, pages: 1 }));

    assert.equal(code, "too-many-signatures");
    assert.match(detail, /^none of the 2 signatures tried .* failed at fetch: /);
  });

  it("is inconclusive, however many were tried, if the deadline cut off the revocation check of one that passed all others", () => {
    const signatures = [...repeat(2), failedAt("revocation", "deadline")];

    const { code } = judgeByRelease(failedWith(fault("verify", "deadline"), { signatures, pages: 3 }));

    assert.equal(code, "deadline-exceeded");
  });

  it("does not blame a list of several pages that was complete for the wait for one signature", () => {
    const facts = failedWith(fault("verify", "deadline"), { signatures: [failedAt("fetch", "deadline")], pages: 2 });

    assert.equal(judgeByRelease(facts).code, "deadline-exceeded");
  });

  it("leaves a registry that fails what it is, however long the list", () => {
    const facts = failedWith(fault("list", "unavailable"), { signatures: repeat(5), pages: 5 });

    assert.equal(judgeByRelease(facts).code, "registry-unavailable");
  });
});
