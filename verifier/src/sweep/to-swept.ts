import { findExemption } from "../../../trust/exemption";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { ReferenceInvalidError, readReference } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { SignatureEvidence, Verdict } from "../verification/verdict";
import type { ImagePart, RunState } from "./run-state";
import type { SweptImage, SweptPlace } from "./swept-image";

/** Places that are kept of an image, those with the most containers. */
const KEPT_PLACES = 200;
/** What they may take in all, in bytes: an item of the table can have 400 KB, and a sweep ends with all of them in memory. */
const KEPT_BYTES = 100_000;

export interface SweptContext {
  readonly key: string;
  readonly run: Pick<RunState, "run">;
  /** One of its containers. */
  readonly example: Pick<ImagePart, "subject" | "repository">;
  /** All places at which it runs, those first that are kept. */
  readonly places: readonly SweptPlace[];
  readonly verdict: Verdict;
  /** What the sweep before knew of it. */
  readonly previous: SweptImage | undefined;
  readonly seenAtLaunch: boolean;
  /** Hash of the trust document and of the order with which it was judged. */
  readonly judgedWith: string;
  readonly trust: Pick<ResolvedTrustDocument, "exemptions">;
  readonly now: Date;
}

/** What a sweep remembers of an image. */
export function toSwept(context: SweptContext): SweptImage {
  const { key, example, places, verdict, previous, seenAtLaunch, judgedWith, now } = context;
  const { run } = context.run;
  const { subject, repository } = example;
  const kept = keepPlaces(places);
  const { status, code, detail, reference, signature, counted = [], validUntil, order, without } = verdict;
  const isTrusted = status === "trusted";
  const isSame = previous?.status === status && previous.code === code;
  const deciding = isTrusted || signature === undefined ? counted : [signature];
  const signers = [...new Set(deciding.flatMap(({ profileVersion }) => profileVersion || []))];
  return withoutUndefined({
    key,
    kind: subject.kind,
    repository,
    digest: verdict.digest ?? subject.digest,
    reference,
    status,
    code,
    detail,
    signers,
    validUntil,
    order,
    without,
    containers: places.reduce((sum, { containers }) => sum + containers, 0),
    morePlaces: places.length - kept.length,
    places: kept,
    seenAtLaunch,
    before: before(previous),
    exemptUntil: status === "exempt" ? exemptUntil(context) : undefined,
    since: isSame ? previous.since : run,
    trusted: isTrusted ? trustedBy(counted, signers, validUntil) : previous?.trusted,
    revoked: verdict.revoked,
    openSince: status === "inconclusive" ? (previous?.openSince ?? run) : undefined,
    run,
    judgedAt: now.toISOString(),
    judgedWith,
  });
}

function trustedBy(
  counted: readonly SignatureEvidence[],
  signers: string[],
  until: string | undefined,
): NonNullable<SweptImage["trusted"]> {
  const signatures = counted.map(({ digest }) => digest);
  return { signatures, jobs: counted.flatMap(({ job }) => job || []), signers, ...withoutUndefined({ until }) };
}

function keepPlaces(places: readonly SweptPlace[]): SweptPlace[] {
  let bytes = 0;
  return places.slice(0, KEPT_PLACES).filter((place) => {
    bytes += Buffer.byteLength(JSON.stringify(place));
    return bytes <= KEPT_BYTES;
  });
}

/** What could not be found out tells nothing of the image: the verdict before it stays the one to compare with. */
function before(previous: SweptImage | undefined): SweptImage["before"] | undefined {
  if (previous === undefined) return undefined;
  const { status, code } = previous;
  return status === "inconclusive" ? previous.before : { status, code };
}

/** Exemptions of the trust document are valid until the end of their last day. */
function exemptUntil({ verdict: { order, reference }, trust, now }: SweptContext): string | undefined {
  if (order !== undefined) return order.until;
  const parsed = readReference(reference);
  if (parsed instanceof ReferenceInvalidError) return undefined;
  const exemption = findExemption(trust, parsed, now);
  return exemption && `${exemption.expires}T23:59:59Z`;
}
