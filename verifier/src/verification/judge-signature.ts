import { withoutUndefined } from "../../../trust/text/without-undefined";
import { CHECKS, type Check, type FaultKind, type SignatureFact } from "../notation/protocol";
import type { ReasonCode, SignatureEvidence, Verdict } from "./verdict";

/** Reason code, explanation and evidence for one signature. */
export type SignatureJudgement = Required<Pick<Verdict, "code" | "detail" | "signature">>;

/** Codes of faults during a check that say nothing about the signature. All other faults are denials. */
const UNDECIDED: { readonly [C in Check]?: { readonly [K in FaultKind]?: ReasonCode } } = {
  fetch: {
    "access-denied": "registry-access-denied",
    unavailable: "registry-unavailable",
  },
  revocation: {
    "access-denied": "signer-access-denied",
    unavailable: "signer-unavailable",
    misconfigured: "verifier-misconfigured",
    // It passed every check before this one, so the time was not spent on worthless signatures.
    deadline: "deadline-exceeded",
  },
};

const DENIED: Readonly<Record<Check, ReasonCode>> = {
  fetch: "signature-unreadable",
  target: "signature-invalid",
  integrity: "signature-invalid",
  plugin: "signature-unsupported",
  "trust-store": "untrusted-root",
  expiry: "signature-expired",
  "signing-time": "certificate-not-valid",
  identity: "identity-not-trusted",
  age: "signature-too-old",
  attributes: "signature-unsupported",
  revocation: "signature-invalid",
};

function undecidedCode({ check, fault }: SignatureFact): ReasonCode | undefined {
  return check === undefined || fault === undefined ? undefined : UNDECIDED[check]?.[fault.kind];
}

/** The signature could still be valid. */
export function isUndecided(signature: SignatureFact): boolean {
  return undecidedCode(signature) !== undefined;
}

/** All checks of the signature ran; not so for one that the deadline interrupted. */
export function isDecided({ fault }: SignatureFact): boolean {
  return fault?.kind !== "deadline" && fault?.kind !== "over-limit";
}

export function furthest(signatures: readonly SignatureFact[]): SignatureFact | undefined {
  return signatures.reduce<SignatureFact | undefined>(
    (best, signature) => (best === undefined || rank(signature) > rank(best) ? signature : best),
    undefined,
  );
}

function rank({ check }: SignatureFact): number {
  return check === undefined ? -1 : CHECKS.indexOf(check);
}

export function judgeSignature(signature: SignatureFact): SignatureJudgement {
  const { check, fault } = signature;
  if (signature.valid) {
    const detail = `signed by ${signedBy(signature)}, which the statement does not list`;
    return { code: "identity-not-trusted", detail, signature: toEvidence(signature) };
  }
  const refused = check === undefined ? "signature-invalid" : DENIED[check];
  const code = undecidedCode(signature) ?? (fault?.kind === "revoked" ? "signature-revoked" : refused);
  return { code, detail: fault?.detail ?? "the signature is not valid", signature: toEvidence(signature) };
}

export function signedBy({ profileVersion, signingTime }: SignatureFact): string {
  return `${profileVersion ?? "a trusted identity"}${signingTime === undefined ? "" : ` at ${signingTime}`}`;
}

export function toEvidence({ digest, profileVersion, job, signingTime, expiry }: SignatureFact): SignatureEvidence {
  return withoutUndefined({
    digest,
    profileVersion,
    job,
    signingTime,
    expiry,
  });
}
