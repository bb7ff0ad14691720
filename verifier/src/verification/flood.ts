import type { Fault, SignatureFact, VerificationFacts } from "../notation/protocol";
import { isDecided, isUndecided } from "./judge-signature";

/** From this number on, the explanation says that several signatures were tried. */
const SEVERAL = 2;

/** With this many worthless signatures or more, they are the reason why a registry throttles us. */
const MANY = 10;

/** How registries throttle; nginx and S3 use 503. */
const THROTTLED = [429, 503];

/**
 * The signatures without those that the registry did not give out because it throttles us, if it returned many worthless
 * ones before: those are the reason. Remembered signatures were read before all others, so no flood can be the reason.
 */
export function leaveOutThrottled(signatures: readonly SignatureFact[]): readonly SignatureFact[] {
  const worthless = signatures.filter((one) => !one.valid && !isUndecided(one));
  return worthless.length < MANY ? signatures : signatures.filter((one) => one.remembered || !isThrottled(one));
}

function isThrottled(signature: SignatureFact): boolean {
  const { check, fault } = signature;
  return isUndecided(signature) && check === "fetch" && THROTTLED.includes(fault?.status ?? 0);
}

/**
 * Signer answered for several signatures, and others could not be checked in time or within the limits: anyone who
 * pushes old signatures can cause that. If Signer answers nothing at all, the pushed signatures are not the cause.
 */
export function isFloodAtSigner(signatures: readonly SignatureFact[]): boolean {
  const pushed = signatures.filter(({ remembered }) => !remembered);
  const leftOut = pushed.some(({ fault }) => fault?.kind === "over-limit" || fault?.kind === "deadline");
  return leftOut && pushed.filter(isAnsweredBySigner).length >= SEVERAL;
}

function isAnsweredBySigner({ check, fault }: SignatureFact): boolean {
  return check === "revocation" && (fault?.kind === "revoked" || fault?.kind === "rejected");
}

/**
 * The deadline was used up by many signatures or a long list, not by one slow response. Anyone who may push signatures
 * could cause that, so it is a denial.
 */
export function wasFlooded({ error, pages, signatures }: VerificationFacts): boolean {
  // The notation process reserves time for the other repository, which the publisher of the image does not control.
  if (error?.stage === "elsewhere") return false;
  return (error?.stage === "list" && pages >= SEVERAL) || signatures.filter(isDecided).length >= SEVERAL;
}

/** The registry still failed at the deadline, after it returned many worthless signatures. */
export function wasThrottledByFlood({ kind, stage, status }: Fault, { signatures }: VerificationFacts): boolean {
  const isThrottled = kind === "unavailable" && stage === "verify" && THROTTLED.includes(status ?? 0);
  return isThrottled && signatures.filter(isDecided).length >= MANY;
}
