import { applicableStatement } from "../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { ReferenceInvalidError, readReference } from "../../../trust/reference";
import { listIdentities, toSigner } from "../../../trust/signers";
import type { RefusedSignature, Verdict } from "../verification/verdict";
import type { SweptImage } from "./swept-image";

export interface StopFacts {
  readonly image: Pick<SweptImage, "code" | "reference" | "trusted">;
  readonly verdict: Pick<Verdict, "refusedSignatures">;
  /** Digests of the signatures that once made it trusted, as the ledger has them. */
  readonly remembered: readonly string[];
  readonly trust: Pick<ResolvedTrustDocument, "statements" | "registries">;
  readonly now: number;
}

/**
 * Whether a sweep that enforces may stop the tasks of a denied image whose launches the ledger remembers: if it was never
 * trusted, or for what is proven against it. That a signature is missing, or that others were pushed beside it, must not
 * stop production.
 */
export function mayStop(facts: StopFacts): boolean {
  const wasTrusted = facts.image.trusted !== undefined || facts.remembered.length > 0;
  return !wasTrusted || isProven(facts);
}

/**
 * Whether a denial is proven whatever the registry holds: the image is blocked, a signature that made it trusted is refused now
 * for what it is, or was valid until now, or the trust document no longer lists who signed it. Nobody who pushes to a registry, and
 * no lifecycle rule, can bring these about. For a task that is older than the ledger's memory it takes this: nobody knows whether
 * its image was trusted.
 */
export function isProven(facts: StopFacts): boolean {
  return facts.image.code === "digest-blocked" || isRefused(facts) || hasEnded(facts) || isDelisted(facts);
}

/**
 * Another signature of the same image may have been refused long ago. The same one may be listed again under another digest: its
 * job tells it.
 */
function isRefused({ image, verdict: { refusedSignatures = [] }, remembered }: StopFacts): boolean {
  const { signatures = [], jobs = [] } = image.trusted ?? {};
  const trusted = new Set([...signatures, ...remembered, ...jobs]);
  return refusedSignatures
    .filter(({ code }) => !(isAge(code) && mayBeRenewed(image)))
    .some(({ digest, job }) => trusted.has(digest) || (job !== undefined && trusted.has(job)));
}

function hasEnded({ image, now }: StopFacts): boolean {
  const until = image.trusted?.until;
  return until !== undefined && Date.parse(until) <= now && !mayBeRenewed(image);
}

function isAge(code: RefusedSignature["code"]): boolean {
  return code === "signature-expired" || code === "signature-too-old";
}

/** Its newer signature may be behind others that were pushed before it: not all have been tried. */
function mayBeRenewed({ code }: StopFacts["image"]): boolean {
  return code === "too-many-signatures";
}

/** Whether signers are known by which it was trusted, and none of them is listed any more. */
function isDelisted({ image: { reference, trusted }, trust }: StopFacts): boolean {
  const { signers = [] } = trusted ?? {};
  const parsed = readReference(reference);
  if (parsed instanceof ReferenceInvalidError || signers.length === 0) return false;
  const statement = applicableStatement(trust, parsed);
  const listed = new Set(statement === undefined ? [] : listIdentities(statement));
  return !signers.some((version) => listed.has(version) || listed.has(toSigner(version)));
}
