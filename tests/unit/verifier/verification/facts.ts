import type { Check, Fault, SignatureFact, VerificationFacts } from "../../../../verifier/src/notation/protocol";
import { type Judgement, judgeFacts } from "../../../../verifier/src/verification/judge-facts";

export const DIGEST = `sha256:${"a".repeat(64)}`;
export const SIGNATURE = `sha256:${"b".repeat(64)}`;
export const PROFILE_VERSION = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release/abcdefghij";

/** The facts of an image that the registry has, without any signature. */
export function factsOf(changes: Partial<VerificationFacts> = {}): VerificationFacts {
  return { reference: `r/n@${DIGEST}`, digest: DIGEST, outcome: "no-signatures", signatures: [], pages: 0, ...changes };
}

/** A signature that failed at a check. */
export function failedAt(check: Check, kind: Fault["kind"] = "refused", detail = `${check} ${kind}`): SignatureFact {
  return { digest: SIGNATURE, valid: false, check, fault: { kind, detail } };
}

export const valid: SignatureFact = {
  digest: SIGNATURE,
  valid: true,
  profileVersion: PROFILE_VERSION,
  job: "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/1",
  signingTime: "2026-06-01T00:00:00Z",
  expiry: "2037-09-01T00:00:00Z",
};

/** Facts of signatures that were all tried, and of which none is valid. */
export function notVerified(...signatures: SignatureFact[]): VerificationFacts {
  return factsOf({ outcome: "not-verified", signatures, pages: 1 });
}

/** Facts of a verification that could not be carried through. */
export function failedWith(error: Fault, changes: Partial<VerificationFacts> = {}): VerificationFacts {
  return factsOf({ outcome: "failed", error, ...changes });
}

/** Judges facts by a statement that trusts the profile of {@link PROFILE_VERSION}. */
export function judgeByRelease(facts: VerificationFacts): Judgement {
  return judgeFacts(facts, { identities: [PROFILE_VERSION.slice(0, PROFILE_VERSION.lastIndexOf("/"))] });
}
