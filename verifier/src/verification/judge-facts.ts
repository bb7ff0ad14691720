import { withoutUndefined } from "../../../trust/text/without-undefined";
import {
  CHECKS,
  type Check,
  type Fault,
  type FaultKind,
  type SignatureFact,
  type VerificationFacts,
} from "../notation/protocol";
import type { ReasonCode, SignatureEvidence } from "./verdict";

/** Reason code, explanation and evidence for one image: what a verdict says of the verification. */
export interface Judgement {
  readonly code: ReasonCode;
  readonly detail: string;
  readonly digest?: string;
  readonly signature?: SignatureEvidence;
}

/** From this many signatures on, "several" have been tried. */
const SEVERAL = 2;

/**
 * Makes a judgement of the facts. Any valid signature: trusted. Else, if a signature failed only because something of
 * ours could not be reached, it could still be valid: inconclusive. Else denied, by the signature that got furthest.
 *
 * What is not recognised is denied: whoever publishes an image must not be able to turn a denial into "could not tell".
 */
export function judgeFacts(facts: VerificationFacts): Judgement {
  return { ...judge(facts), ...withoutUndefined({ digest: facts.digest }) };
}

function judge(facts: VerificationFacts): Judgement {
  const valid = facts.signatures.find((signature) => signature.valid);
  if (facts.outcome === "verified" && valid !== undefined) {
    return { code: "signature-valid", detail: signedBy(valid), signature: toEvidence(valid) };
  }
  const undecided = furthest(facts.signatures.filter(isUndecided));
  if (undecided !== undefined && !isFlood(facts.signatures)) return judgeSignature(undecided);
  if (facts.error !== undefined) return judgeError(facts.error, facts);
  return judgeDenied(facts);
}

/** From this many signatures on that are worth nothing, a registry that throttles us does so because of them. */
const MANY = 10;

function isFlood(signatures: readonly SignatureFact[]): boolean {
  return isFloodAtSigner(signatures) || isFloodAtRegistry(signatures);
}

/** How registries throttle; nginx and S3 with 503. */
const THROTTLED = [429, 503];

/** The registry throttles us after it has given out many signatures that are worth nothing. */
function isFloodAtRegistry(signatures: readonly SignatureFact[]): boolean {
  const open = signatures.filter(isUndecided);
  const isThrottled = open.every(({ check, fault }) => check === "fetch" && THROTTLED.includes(fault?.status ?? 0));
  return open.length > 0 && isThrottled && signatures.length - open.length >= MANY;
}

/**
 * Signer has answered about several signatures, and others could not be asked about in time or within the limits: whoever
 * pushes old signatures brings that about. Where Signer answers nothing at all, it is not their doing.
 */
function isFloodAtSigner(signatures: readonly SignatureFact[]): boolean {
  const leftOut = signatures.some(({ fault }) => fault?.kind === "over-limit" || fault?.kind === "deadline");
  return leftOut && signatures.filter(isAnsweredBySigner).length >= SEVERAL;
}

function isAnsweredBySigner({ check, fault }: SignatureFact): boolean {
  return check === "revocation" && (fault?.kind === "revoked" || fault?.kind === "rejected");
}

function judgeDenied({ outcome, signatures }: VerificationFacts): Judgement {
  if (isFlood(signatures)) return tooMany(signatures.filter(isDecided));
  const decisive = furthest(signatures);
  if (outcome === "too-many-signatures") return tooMany(signatures.filter(isDecided));
  if (decisive !== undefined) return judgeSignature(decisive);
  return { code: "no-signature", detail: "the registry lists no signature of this image" };
}

function tooMany(signatures: readonly SignatureFact[]): Judgement {
  const decisive = furthest(signatures);
  const last =
    decisive?.fault === undefined
      ? ""
      : `; the one that got furthest failed at ${decisive.check}: ${decisive.fault.detail}`;
  return {
    code: "too-many-signatures",
    detail: `none of the ${signatures.length} signatures tried is valid, and there are more${last}`,
  };
}

/** A fault that concerns the image as a whole. */
function judgeError(error: Fault, facts: VerificationFacts): Judgement {
  if ((error.kind === "deadline" && wasFlooded(facts)) || wasThrottledByFlood(error, facts))
    return tooMany(facts.signatures.filter(isDecided));
  return { code: CODE_OF_ERROR[error.kind] ?? codeOfStage(error), detail: error.detail };
}

/**
 * The deadline was used up by many signatures or by a long list, not by one slow answer: whoever may push signatures
 * could bring that about, so it is a denial.
 */
function wasFlooded({ error, pages, signatures }: VerificationFacts): boolean {
  return (error?.stage === "list" && pages >= SEVERAL) || signatures.filter(isDecided).length >= SEVERAL;
}

/** The registry was still failing at the deadline, after it has given out many signatures that are worth nothing. */
function wasThrottledByFlood({ kind, stage, status }: Fault, { signatures }: VerificationFacts): boolean {
  const isThrottled = kind === "unavailable" && stage === "verify" && THROTTLED.includes(status ?? 0);
  return isThrottled && signatures.filter(isDecided).length >= MANY;
}

/** Codes of faults that say by themselves what they come to. */
const CODE_OF_ERROR: Partial<Record<FaultKind, ReasonCode>> = {
  "access-denied": "registry-access-denied",
  "login-required": "registry-login-required",
  "repository-denied": "repository-access-denied",
  unavailable: "registry-unavailable",
  deadline: "deadline-exceeded",
  misconfigured: "verifier-misconfigured",
  crashed: "verifier-failed",
  "no-statement": "no-applicable-statement",
};

/** Codes of what remains: answers of the registry that make no image of it. */
function codeOfStage({ stage, kind }: Fault): ReasonCode {
  if (stage === "request") return "reference-invalid";
  if (stage === "resolve" || kind === "not-found") return "image-not-found";
  return "signature-unreadable";
}

/** Codes of faults at a check that say nothing about the signature. Everything else is a denial. */
const UNDECIDED: { readonly [C in Check]?: { readonly [K in FaultKind]?: ReasonCode } } = {
  fetch: {
    "access-denied": "registry-access-denied",
    unavailable: "registry-unavailable",
  },
  revocation: {
    "access-denied": "signer-access-denied",
    unavailable: "signer-unavailable",
    misconfigured: "verifier-misconfigured",
    // It has passed every check before this one, so the wait was not for junk.
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
  attributes: "signature-unsupported",
  revocation: "signature-invalid",
};

function undecidedCode({ check, fault }: SignatureFact): ReasonCode | undefined {
  return check === undefined || fault === undefined ? undefined : UNDECIDED[check]?.[fault.kind];
}

/** The signature could still be valid. */
function isUndecided(signature: SignatureFact): boolean {
  return undecidedCode(signature) !== undefined;
}

/** The signature was looked at to the end; the one that the deadline cut off was not. */
function isDecided({ fault }: SignatureFact): boolean {
  return fault?.kind !== "deadline" && fault?.kind !== "over-limit";
}

function furthest(signatures: readonly SignatureFact[]): SignatureFact | undefined {
  return signatures.reduce<SignatureFact | undefined>(
    (best, signature) => (best === undefined || rank(signature) > rank(best) ? signature : best),
    undefined,
  );
}

function rank({ check }: SignatureFact): number {
  return check === undefined ? -1 : CHECKS.indexOf(check);
}

function judgeSignature(signature: SignatureFact): Judgement {
  const { check, fault } = signature;
  const refused = check === undefined ? "signature-invalid" : DENIED[check];
  const code = undecidedCode(signature) ?? (fault?.kind === "revoked" ? "signature-revoked" : refused);
  return { code, detail: fault?.detail ?? "the signature is not valid", signature: toEvidence(signature) };
}

function signedBy({ profileVersion, signingTime }: SignatureFact): string {
  return `signed by ${profileVersion ?? "a trusted identity"}${signingTime === undefined ? "" : ` at ${signingTime}`}`;
}

function toEvidence({ digest, profileVersion, job, signingTime, expiry }: SignatureFact): SignatureEvidence {
  return withoutUndefined({
    digest,
    profileVersion,
    job,
    signingTime,
    expiry,
  });
}
