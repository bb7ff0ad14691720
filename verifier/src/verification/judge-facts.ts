import type { Statement } from "../../../trust/document";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import {
  CHECKS,
  type Check,
  type Fault,
  type FaultKind,
  type SignatureFact,
  type VerificationFacts,
} from "../notation/protocol";
import { countSigners, identityOf, type Lack, type SignerCount } from "./count-signers";
import { findEnd } from "./valid-until";
import type { ReasonCode, SignatureEvidence, Verdict } from "./verdict";

/** Reason code, explanation and evidence for one image: the verification's part of a verdict. */
export interface Judgement
  extends Pick<
    Verdict,
    "code" | "otherwise" | "detail" | "digest" | "signature" | "counted" | "missing" | "validUntil"
  > {}

/** What a statement demands of the signatures of an image. */
export type Demands = Pick<Statement, "identities" | "require" | "maxAgeDays">;

/** From this number on, the explanation says that several signatures were tried. */
const SEVERAL = 2;

/**
 * Judges the facts. With valid signatures of all required signers: trusted. Otherwise, if signatures failed only because a
 * service that the verifier needs could not be reached, and could still be the missing ones: inconclusive. Otherwise denied:
 * `signers-missing` if somebody has signed, else by the signature that passed the most checks.
 *
 * Anything unknown is denied: whoever publishes an image must not be able to turn a denial into an inconclusive
 * verdict.
 */
export function judgeFacts(facts: VerificationFacts, demands: Demands): Judgement {
  return { ...judge(facts, demands), ...withoutUndefined({ digest: facts.digest }) };
}

function judge(facts: VerificationFacts, demands: Demands): Judgement {
  const { signatures } = facts;
  const signers = countSigners(demands, signatures, isUndecided);
  if (facts.outcome === "verified" && signers.met) return judgeTrusted(signers.counted, demands);
  const undecided = furthest(signatures.filter(isUndecided));
  if (undecided !== undefined && signers.open && !isFlood(signatures)) return judgeSignature(undecided);
  if (facts.error !== undefined) return judgeError(facts.error, facts);
  return judgeDenied(facts, signers);
}

function judgeTrusted(counted: readonly SignatureFact[], demands: Demands): Judgement {
  const [first] = counted;
  return withoutUndefined({
    code: "signature-valid",
    detail: `signed by ${counted.map(signedBy).join(" and by ")}`,
    signature: first && toEvidence(first),
    counted: counted.map(toEvidence),
    validUntil: findEnd(counted, demands),
  });
}

/** With this many worthless signatures or more, they are the reason why a registry throttles us. */
const MANY = 10;

function isFlood(signatures: readonly SignatureFact[]): boolean {
  return isFloodAtSigner(signatures) || isFloodAtRegistry(signatures);
}

/** How registries throttle; nginx and S3 use 503. */
const THROTTLED = [429, 503];

/** The registry throttles us after it returned many worthless signatures. */
function isFloodAtRegistry(signatures: readonly SignatureFact[]): boolean {
  const open = signatures.filter(isUndecided);
  const isThrottled = open.every(({ check, fault }) => check === "fetch" && THROTTLED.includes(fault?.status ?? 0));
  return open.length > 0 && isThrottled && signatures.length - open.length >= MANY;
}

/**
 * Signer answered for several signatures, and others could not be checked in time or within the limits: anyone who
 * pushes old signatures can cause that. If Signer answers nothing at all, the pushed signatures are not the cause.
 */
function isFloodAtSigner(signatures: readonly SignatureFact[]): boolean {
  const leftOut = signatures.some(({ fault }) => fault?.kind === "over-limit" || fault?.kind === "deadline");
  return leftOut && signatures.filter(isAnsweredBySigner).length >= SEVERAL;
}

function isAnsweredBySigner({ check, fault }: SignatureFact): boolean {
  return check === "revocation" && (fault?.kind === "revoked" || fault?.kind === "rejected");
}

function judgeDenied({ outcome, signatures }: VerificationFacts, signers: SignerCount): Judgement {
  if (isFlood(signatures) || outcome === "too-many-signatures") return tooMany(signatures.filter(isDecided));
  const decisive = furthest(signatures);
  // A signature that could not be checked to the end would not be enough: it does not decide.
  const somebodySigned = signers.counted.length > 0 || (decisive !== undefined && isUndecided(decisive));
  if (somebodySigned) return judgeMissing(signers, signatures);
  if (decisive !== undefined) return judgeSignature(decisive);
  return { code: "no-signature", detail: "the registry lists no signature of this image" };
}

function judgeMissing({ counted, lacking }: SignerCount, signatures: readonly SignatureFact[]): Judgement {
  const missing = lacking.map(describeLack);
  const refused = lacking
    .flatMap(({ signers }) => signers)
    .flatMap((signer) => furthest(signatures.filter((one) => !one.valid && identityOf(one) === signer)) ?? [])
    .map((signature) => {
      const { code, detail } = judgeSignature(signature);
      return `the signature of ${identityOf(signature)} does not count (${code}): ${detail}`;
    });
  const [first] = counted;
  return withoutUndefined({
    code: "signers-missing",
    detail: [
      `${counted.length === 0 ? "nobody" : counted.map(signedBy).join(" and ")} has signed`,
      `missing: ${missing.join(" and ")}`,
      ...refused,
    ].join("; "),
    signature: first && toEvidence(first),
    counted: counted.map(toEvidence),
    missing,
  });
}

function describeLack({ count, signers }: Lack): string {
  return count === signers.length ? signers.join(" and ") : `${count} of ${signers.join(", ")}`;
}

function tooMany(signatures: readonly SignatureFact[]): Judgement {
  const decisive = furthest(signatures.filter(({ valid }) => !valid));
  const last =
    decisive?.fault === undefined
      ? ""
      : `; the one that got furthest failed at ${decisive.check}: ${decisive.fault.detail}`;
  return {
    code: "too-many-signatures",
    detail: `none of the ${signatures.length} signatures tried is valid, and there are more${last}`,
  };
}

/** A fault that affects the image as a whole. */
function judgeError(error: Fault, facts: VerificationFacts): Judgement {
  if ((error.kind === "deadline" && wasFlooded(facts)) || wasThrottledByFlood(error, facts))
    return tooMany(facts.signatures.filter(isDecided));
  return { code: CODE_OF_ERROR[error.kind] ?? codeOfStage(error), detail: error.detail };
}

/**
 * The deadline was used up by many signatures or a long list, not by one slow response. Anyone who may push signatures
 * could cause that, so it is a denial.
 */
function wasFlooded({ error, pages, signatures }: VerificationFacts): boolean {
  // Whoever publishes the image does not control how the other repository answers.
  if (error?.stage === "elsewhere") return false;
  return (error?.stage === "list" && pages >= SEVERAL) || signatures.filter(isDecided).length >= SEVERAL;
}

/** The registry still failed at the deadline, after it returned many worthless signatures. */
function wasThrottledByFlood({ kind, stage, status }: Fault, { signatures }: VerificationFacts): boolean {
  const isThrottled = kind === "unavailable" && stage === "verify" && THROTTLED.includes(status ?? 0);
  return isThrottled && signatures.filter(isDecided).length >= MANY;
}

/** Codes of faults that lead to one result by themselves. */
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

/** Codes of the remaining faults: responses of the registry that do not form an image. */
function codeOfStage({ stage, kind }: Fault): ReasonCode {
  if (stage === "request") return "reference-invalid";
  if (stage === "resolve" || kind === "not-found") return "image-not-found";
  return "signature-unreadable";
}

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
function isUndecided(signature: SignatureFact): boolean {
  return undecidedCode(signature) !== undefined;
}

/** All checks of the signature ran; not so for one that the deadline interrupted. */
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
  if (signature.valid) {
    const detail = `signed by ${signedBy(signature)}, which the statement does not list`;
    return { code: "identity-not-trusted", detail, signature: toEvidence(signature) };
  }
  const refused = check === undefined ? "signature-invalid" : DENIED[check];
  const code = undecidedCode(signature) ?? (fault?.kind === "revoked" ? "signature-revoked" : refused);
  return { code, detail: fault?.detail ?? "the signature is not valid", signature: toEvidence(signature) };
}

function signedBy({ profileVersion, signingTime }: SignatureFact): string {
  return `${profileVersion ?? "a trusted identity"}${signingTime === undefined ? "" : ` at ${signingTime}`}`;
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
