import { applicableStatement } from "../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { ReferenceInvalidError, readReference } from "../../../trust/reference";
import { listIdentities, toSigner } from "../../../trust/signers";
import type { ReasonCode } from "../verification/verdict";
import type { SweptImage } from "./swept-image";

/** Nobody who pushes to a registry, and no lifecycle rule, can bring these about: the signer, the operator or time did. */
const PROVEN: ReadonlySet<ReasonCode> = new Set(["signature-revoked", "digest-blocked", "signature-expired"]);

export interface StopFacts {
  readonly image: Pick<SweptImage, "code" | "reference" | "trustedAt" | "trustedBy">;
  /** Whether the ledger has signatures that once made it trusted. */
  readonly isRemembered: boolean;
  readonly trust: Pick<ResolvedTrustDocument, "statements" | "registries">;
}

/**
 * Whether a sweep that enforces may stop the tasks of a denied image whose launches the ledger remembers. One that was trusted
 * before is stopped only for what is proven, or if the trust document no longer lists who signed it: that a signature is
 * missing, or that junk was pushed beside it, must not stop production.
 */
export function mayStop(facts: StopFacts): boolean {
  const { image, isRemembered } = facts;
  if (PROVEN.has(image.code)) return true;
  if (image.trustedAt === undefined && !isRemembered) return true;
  return image.code === "identity-not-trusted" && isDelisted(facts);
}

/** Whether it may stop a task that is older than the ledger's memory: nobody knows whether the image was trusted then. */
export function mayStopForgotten({ code }: Pick<SweptImage, "code">): boolean {
  return PROVEN.has(code);
}

/** Whether signers are known by which it was trusted, and none of them is listed any more. */
function isDelisted({ image: { reference, trustedBy = [] }, trust }: StopFacts): boolean {
  const parsed = readReference(reference);
  if (parsed instanceof ReferenceInvalidError || trustedBy.length === 0) return false;
  const statement = applicableStatement(trust, parsed);
  const listed = new Set(statement === undefined ? [] : listIdentities(statement));
  return !trustedBy.some((version) => listed.has(version) || listed.has(toSigner(version)));
}
