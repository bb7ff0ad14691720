import type { Identity } from "../../trust/identity";
import type { InspectedSignature, SignatureContents } from "../../verifier/src/notation/inspect-protocol";
import { readProfile } from "./signer-name";

/**
 * What a signature is worth, without a trust document:
 * - `valid`: made by AWS Signer for this image, not expired, not revoked.
 * - `expired`, `revoked`: made by AWS Signer for this image, and that.
 * - `unknown`: the same, and whether it is revoked could not be found out.
 * - `invalid`: unreadable, not intact, for another image, not by AWS Signer, or made while its certificate was not valid.
 *   Anyone could have written what it says, so it says nothing about a profile.
 */
export type SignatureState = "valid" | "expired" | "revoked" | "unknown" | "invalid";

/** The facts about one signature. */
export interface SignatureFacts {
  /** Digest of its manifest. */
  readonly digest: string;
  readonly state: SignatureState;
  /** Who made it; never known of an invalid one. */
  readonly profile?: Identity;
  readonly job?: string;
  readonly signingTime?: string;
  readonly expiry?: string;
  /** With `invalid` and `unknown`: why. Written by others in part. */
  readonly detail?: string;
}

/** The facts about a signature that was read. */
export function toFacts({ digest, unreadable, contents }: InspectedSignature): SignatureFacts {
  if (contents === null) {
    return { digest, state: "invalid", detail: unreadable?.detail ?? "it cannot be read" };
  }
  const profile = readProfile(contents.profileVersion);
  const flaw = flawOf(contents);
  if (flaw !== undefined) return { digest, state: "invalid", detail: flaw };
  if (profile?.version === undefined) return { digest, state: "invalid", detail: "it names no profile version" };
  const { job, signingTime, expiry, revocation } = contents;
  const facts = {
    digest,
    profile,
    signingTime,
    ...(job === null ? {} : { job }),
    ...(expiry === null ? {} : { expiry }),
  };
  if (revocation.status === "revoked") return { ...facts, state: "revoked" };
  if (contents.expired) return { ...facts, state: "expired" };
  if (revocation.status === "not-revoked") return { ...facts, state: "valid" };
  return { ...facts, state: "unknown", detail: revocation.detail ?? "AWS Signer gave no answer" };
}

function flawOf({ intact, broken, forThisImage, rootTrusted, certificates, signingTime }: SignatureContents) {
  if (!intact) return broken ?? "it is not intact";
  if (!forThisImage) return "it was made for another image";
  if (!rootTrusted) return "it was not made by AWS Signer";
  const [leaf] = certificates;
  const time = Date.parse(signingTime);
  const isInTime = leaf !== undefined && Date.parse(leaf.notBefore) <= time && time <= Date.parse(leaf.notAfter);
  return isInTime ? undefined : "its certificate was not valid when it was made";
}
