import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Requirement } from "../../../../trust/signers";
import type { Fault, SignatureFact } from "../../../../verifier/src/notation/protocol";
import { judgeFacts } from "../../../../verifier/src/verification/judge-facts";
import { toStatus } from "../../../../verifier/src/verification/verdict";
import { factsOf, failedAt, failedWith, notVerified } from "./facts";

const profile = (name: string) => `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/${name}`;
const identities = (...names: string[]) => names.map(profile);
const require: readonly Requirement[] = [
  { identities: identities("ci"), atLeast: 1 },
  { identities: identities("one", "two", "three"), atLeast: 2 },
];

/** A valid signature. */
function by(name: string, changes: Partial<SignatureFact> = {}): SignatureFact {
  return { digest: `sha256:${name}`, valid: true, profileVersion: `${profile(name)}/abcdefghij`, ...changes };
}

/** A signature about which Signer could not be asked, or which it has refused. */
function askedOf(name: string, kind: Fault["kind"]): SignatureFact {
  return { ...failedAt("revocation", kind), profileVersion: `${profile(name)}/abcdefghij` };
}

const verified = (...signatures: SignatureFact[]) => factsOf({ outcome: "verified", signatures });
const judge = (facts: ReturnType<typeof factsOf>) => judgeFacts(facts, { require });
const codeOf = (...signatures: SignatureFact[]) => judge(notVerified(...signatures)).code;

describe("the judgement by required signers", () => {
  it("trusts with a signature of each, lists all, and ends with the first that expires", () => {
    const signatures = [
      by("ci", { expiry: "2027-03-01T00:00:00Z" }),
      by("one", { expiry: "2027-01-01T00:00:00Z" }),
      by("three"),
    ];

    const judgement = judge(verified(...signatures));

    assert.equal(judgement.code, "signature-valid");
    assert.deepEqual(
      judgement.counted?.map(({ profileVersion }) => profileVersion),
      signatures.map(({ profileVersion }) => profileVersion),
    );
    assert.equal(judgement.validUntil, "2027-01-01T00:00:00.000Z");
    assert.match(judgement.detail, /^signed by .*ci.* and by .*one.* and by .*three/);
  });

  it("counts of one identity the signature that is valid for the longest time", () => {
    const judgement = judgeFacts(
      verified(by("ci", { expiry: "2027-01-01T00:00:00Z" }), by("ci", { expiry: "2027-06-01T00:00:00Z" })),
      { identities: identities("ci") },
    );

    assert.equal(judgement.validUntil, "2027-06-01T00:00:00.000Z");
    assert.equal(judgement.counted?.length, 1);
  });

  it("ends when the first of them becomes too old", () => {
    const signingTime = "2026-06-01T00:00:00Z";

    const judgement = judgeFacts(verified(by("ci", { signingTime, expiry: "2027-06-01T00:00:00Z" })), {
      identities: identities("ci"),
      maxAgeDays: 30,
    });

    assert.equal(judgement.validUntil, "2026-07-01T00:00:00.000Z");
  });

  it("denies when one is missing, and says who has signed and who has not", () => {
    const judgement = judge(notVerified(by("ci"), by("two")));

    assert.deepEqual(
      [judgement.code, judgement.missing, judgement.counted?.length],
      ["signers-missing", [`1 of ${profile("one")}, ${profile("three")}`], 2],
    );
    assert.match(judgement.detail, /ci.* has signed; missing: 1 of /);
  });

  it("does not count versions of a profile, or several signatures, as several signers", () => {
    const twice = [by("one"), by("one", { profileVersion: `${profile("one")}/0123456789` })];

    assert.equal(codeOf(by("ci"), ...twice), "signers-missing");
    assert.equal(judge(verified(by("ci"), ...twice)).code, "signers-missing", "whatever the process says");
  });

  it("names the signature of a missing signer that does not count", () => {
    const judgement = judge(notVerified(askedOf("ci", "revoked"), by("one"), by("two")));

    assert.equal(judgement.code, "signers-missing");
    assert.match(judgement.detail, /the signature of .*ci does not count \(signature-revoked\)/);
  });

  it("is inconclusive where only Signer's silence is in the way", () => {
    assert.equal(codeOf(by("ci"), by("one"), askedOf("two", "unavailable")), "signer-unavailable");
    assert.equal(codeOf(askedOf("ci", "unavailable"), by("one"), by("two")), "signer-unavailable");
  });

  it("denies where Signer's silence is not all that is missing", () => {
    assert.equal(codeOf(by("ci"), askedOf("one", "unavailable")), "signers-missing");
    assert.equal(codeOf(askedOf("ci", "unavailable")), "signers-missing");
    assert.equal(codeOf(by("ci"), by("one"), askedOf("one", "unavailable")), "signers-missing");
  });

  it("takes a signature that the registry does not give out for one by anybody, but only one", () => {
    const unread = failedAt("fetch", "unavailable");

    assert.equal(codeOf(by("ci"), by("one"), unread), "registry-unavailable");
    assert.equal(codeOf(by("ci"), unread), "signers-missing");
    assert.equal(codeOf(by("ci"), unread, unread), "registry-unavailable");
  });

  it("does not take signatures that a flood has made the registry keep back for missing ones", () => {
    const junk = Array.from({ length: 10 }, () => failedAt("integrity"));
    const { fault, ...unread } = failedAt("fetch", "unavailable");
    const throttled = { ...unread, fault: { kind: "unavailable", detail: "slow down", status: 429 } as const };
    assert.ok(fault);

    assert.equal(codeOf(by("ci"), by("one"), ...junk, throttled), "too-many-signatures");
    assert.equal(codeOf(by("ci"), askedOf("one", "unavailable"), ...junk, throttled), "too-many-signatures");
    assert.equal(codeOf(by("ci"), by("one"), ...junk, { ...throttled, remembered: true }), "registry-unavailable");
  });

  it("is inconclusive where the other repository cannot be read", () => {
    const facts = failedWith({ stage: "elsewhere", kind: "unavailable", detail: "503" }, { signatures: [by("ci")] });

    assert.equal(judge(facts).code, "registry-unavailable");
  });

  it("does not blame junk beside the image for the time that the other repository takes", () => {
    const late = { stage: "elsewhere", kind: "deadline", detail: "late" } as const;
    const facts = failedWith(late, { signatures: [failedAt("integrity"), failedAt("integrity")], pages: 5 });

    assert.equal(judge(facts).code, "deadline-exceeded");
  });

  it("denies with the code of the signature that got furthest where nobody has signed", () => {
    assert.equal(codeOf(failedAt("integrity"), askedOf("ci", "revoked")), "signature-revoked");
    assert.equal(judge(factsOf()).code, "no-signature");
  });
});

describe("whatever signatures there are", () => {
  const names = ["ci", "one", "two", "three", "other"];
  const kinds: Fault["kind"][] = ["revoked", "rejected", "unavailable", "access-denied", "over-limit", "deadline"];
  const checks = ["fetch", "target", "integrity", "identity", "age"] as const;
  const someValid = fc.constantFrom(...names).map((name) => by(name));
  const junk = fc.oneof(
    fc.tuple(fc.constantFrom(...names), fc.constantFrom(...kinds)).map(([name, kind]) => askedOf(name, kind)),
    fc.constantFrom(...checks).map((check) => failedAt(check)),
    fc.constantFrom(...kinds).map((kind) => failedAt("fetch", kind)),
    fc.constantFrom(...names).map((name) => by(name, { profileVersion: `${profile(name)}2/abcdefghij` })),
    fc.constantFrom(...names).map((name) => by(name, { profileVersion: `${profile(name).toUpperCase()}/abcdefghij` })),
  );
  const outcome = fc.constantFrom("verified", "not-verified", "too-many-signatures", "failed");
  const missing = fc.constantFrom(["ci"], ["one", "two"], ["two", "three"], ["one", "three"], ["ci", "one", "two"]);

  it("no image that lacks a required signer is trusted, in whatever order and however often the others signed", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(someValid, junk)), missing, outcome, (signatures, absent, how) => {
        const isOf = ({ profileVersion = "" }: SignatureFact, name: string) =>
          profileVersion.startsWith(`${profile(name)}/`);
        const given = signatures.filter((one) => !one.valid || !absent.some((name) => isOf(one, name)));

        assert.notEqual(toStatus(judge(factsOf({ outcome: how, signatures: given })).code), "trusted");
      }),
    );
  });

  it("a valid signature more never turns a trusted image into another", () => {
    const enough = [by("ci"), by("one"), by("two")];
    fc.assert(
      fc.property(fc.array(fc.oneof(someValid, junk)), (more) => {
        for (const signatures of [
          [...enough, ...more],
          [...more, ...enough],
        ]) {
          assert.equal(judge(verified(...signatures)).code, "signature-valid");
        }
      }),
    );
  });

  it("the order of the signatures does not change the status", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(someValid, junk), { maxLength: 8 }), outcome, (signatures, how) => {
        const forwards = judge(factsOf({ outcome: how, signatures }));
        const backwards = judge(factsOf({ outcome: how, signatures: [...signatures].reverse() }));

        assert.equal(toStatus(forwards.code), toStatus(backwards.code));
      }),
    );
  });
});
