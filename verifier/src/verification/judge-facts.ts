import type { Statement } from "../../../trust/document";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Check, Fault, FaultKind, SignatureFact, VerificationFacts } from "../notation/protocol";
import { countSigners, identityOf, type Lack, type SignerCount } from "./count-signers";
import { isFloodAtSigner, leaveOutThrottled, wasFlooded, wasThrottledByFlood } from "./flood";
import { furthest, isDecided, isUndecided, judgeSignature, signedBy, toEvidence } from "./judge-signature";
import { findEnd } from "./valid-until";
import type { ReasonCode, RefusedSignature, Verdict } from "./verdict";

/** Reason code, explanation and evidence for one image: the verification's part of a verdict. */
export interface Judgement
  extends Pick<
    Verdict,
    | "code"
    | "otherwise"
    | "detail"
    | "digest"
    | "signature"
    | "counted"
    | "missing"
    | "revoked"
    | "refusedSignatures"
    | "validUntil"
  > {}

/** What a statement demands of the signatures of an image. */
export type Demands = Pick<Statement, "identities" | "require" | "maxAgeDays">;

/**
 * Judges the facts. With valid signatures of all required signers: trusted. Otherwise, if signatures failed only because a
 * service that the verifier needs could not be reached, and could still be the missing ones: inconclusive. Otherwise denied:
 * `signers-missing` if somebody has signed, else by the signature that passed the most checks.
 *
 * Anything unknown is denied: whoever publishes an image must not be able to turn a denial into an inconclusive
 * verdict.
 */
export function judgeFacts(facts: VerificationFacts, demands: Demands): Judgement {
  const judgement = judge(facts, demands);
  const refused = judgement.code === "signature-valid" ? [] : listRefused(facts.signatures);
  const isRevoked = refused.some(({ code }) => code === "signature-revoked");
  return {
    ...judgement,
    ...withoutUndefined({ digest: facts.digest }),
    ...(isRevoked ? { revoked: true } : {}),
    ...(refused.length > 0 ? { refusedSignatures: refused } : {}),
  };
}

/** What a signature that was valid can be refused for. The checks before these have found it whole, and made by AWS Signer. */
const REFUSED: Readonly<Partial<Record<Check, RefusedSignature["code"]>>> = {
  expiry: "signature-expired",
  identity: "identity-not-trusted",
  age: "signature-too-old",
};

function listRefused(signatures: readonly SignatureFact[]): readonly RefusedSignature[] {
  return signatures.flatMap((signature) => {
    const code = refusedFor(signature);
    return code === undefined ? [] : [withoutUndefined({ digest: signature.digest, job: signature.job, code })];
  });
}

function refusedFor({ check, fault }: SignatureFact): RefusedSignature["code"] | undefined {
  if (fault?.kind === "revoked") return "signature-revoked";
  return fault?.kind === "refused" && check !== undefined ? REFUSED[check] : undefined;
}

function judge(facts: VerificationFacts, demands: Demands): Judgement {
  const signatures = leaveOutThrottled(facts.signatures);
  const signers = countSigners(demands, signatures, isUndecided);
  if (facts.outcome === "verified" && signers.met) return judgeTrusted(signers.counted, demands);
  const undecided = furthest(signatures.filter(isUndecided));
  const isFlooded = isFloodAtSigner(signatures) && !signatures.some((one) => one.remembered && isUndecided(one));
  if (undecided !== undefined && signers.open && !isFlooded) return judgeSignature(undecided);
  if (facts.error !== undefined) return judgeError(facts.error, facts);
  if (isFlooded || signatures.length < facts.signatures.length) return tooMany(facts.signatures.filter(isDecided));
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

function judgeDenied({ outcome, signatures }: VerificationFacts, signers: SignerCount): Judgement {
  if (outcome === "too-many-signatures") return tooMany(signatures.filter(isDecided));
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
      counted.length === 0 ? "no signature counts" : `${counted.map(signedBy).join(" and ")} has signed`,
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
  const tried = signatures.some(({ valid }) => valid)
    ? `the ${signatures.length} signatures tried are not enough`
    : `none of the ${signatures.length} signatures tried is valid`;
  return { code: "too-many-signatures", detail: `${tried}, and there are more${last}` };
}

/** A fault that affects the image as a whole. */
function judgeError(error: Fault, facts: VerificationFacts): Judgement {
  if ((error.kind === "deadline" && wasFlooded(facts)) || wasThrottledByFlood(error, facts))
    return tooMany(facts.signatures.filter(isDecided));
  return { code: CODE_OF_ERROR[error.kind] ?? codeOfStage(error), detail: error.detail };
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
