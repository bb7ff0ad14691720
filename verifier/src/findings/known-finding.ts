import type { AwsSecurityFinding } from "@aws-sdk/client-securityhub";
import type { FindingBody } from "./finding-body";

/** What Security Hub should show: an active finding, or an archived one, because the image passes or no longer runs. */
export type FindingState = "active" | "passed" | "gone";

/** A finding as the ledger keeps it. Times are in milliseconds since 1970. */
export interface KnownFinding {
  readonly id: string;
  readonly state: FindingState;
  readonly body: FindingBody;
  /** ARN of the cluster. */
  readonly cluster: string;
  /** The repository and digest of the image, or the hash of its reference: the end of the id. */
  readonly image: string;
  readonly createdAt: number;
  /** Increases with every change: Security Hub takes a change only with a newer time than what it has. */
  readonly updatedAt: number;
  /** When a launch or a sweep last saw its image denied or inconclusive, as far as that was written here. */
  readonly observedAt: number;
  /** When a launch of it was last written here. */
  readonly launchedAt?: number;
  /** The `updatedAt` that Security Hub has; absent if it has nothing. */
  readonly sentAt?: number;
}

/** Who sees a finding: a launch, or a sweep of what runs. */
export type FindingSource = "launch" | "sweep";

/**
 * How old a finding is before it is sent again without news, in milliseconds: after a launch an hour, after a sweep a day.
 * So Security Hub shows when it was last seen, and does not delete it, which it does after 90 days without an update
 * (Security Hub user guide, "Creating and updating findings").
 */
export const RENEW_AFTER_MS: Readonly<Record<FindingSource, number>> = { launch: 3_600_000, sweep: 86_400_000 };

/** A finding that was seen, with what the ledger keeps beside it. */
export type SeenFinding = Pick<KnownFinding, "id" | "body" | "cluster" | "image">;

/**
 * The finding after it was seen again; undefined if that is no news. A verdict that is inconclusive now does not undo an
 * earlier denial: until the image passes or is gone, the finding goes on saying why it was denied.
 */
export function seenAgain(
  known: KnownFinding | undefined,
  seen: SeenFinding,
  source: FindingSource,
  now: number,
): KnownFinding | undefined {
  const holds = known?.state === "active" && isDenial(known.body) && !isDenial(seen.body);
  const body = holds ? known.body : seen.body;
  const isNews =
    known === undefined ||
    known.state !== "active" ||
    newsOf(known.body) !== newsOf(body) ||
    now - lastSeen(known, source) >= RENEW_AFTER_MS[source];
  if (!isNews) return undefined;
  const before = known === undefined ? { createdAt: now } : known;
  const launched = source === "launch" ? { launchedAt: now } : {};
  const observedAt = Math.max(now, known?.observedAt ?? now);
  return { ...before, ...seen, body, ...launched, state: "active", observedAt, updatedAt: after(known, now) };
}

/** The finding after its image has passed or ended; undefined if it is not active. */
export function archived(
  known: KnownFinding | undefined,
  state: Exclude<FindingState, "active">,
  now: number,
): KnownFinding | undefined {
  if (known?.state !== "active") return undefined;
  return { ...known, state, updatedAt: after(known, now) };
}

/** The same finding with a newer time, for another try after Security Hub has refused it. */
export function renewed(known: KnownFinding, now: number): KnownFinding {
  return { ...known, updatedAt: after(known, now) };
}

/** Whether Security Hub does not have the latest state. */
export function isUnsent({ sentAt, updatedAt }: KnownFinding): boolean {
  return sentAt === undefined || sentAt < updatedAt;
}

/** What Security Hub gets. */
export function toAsff({ body, state, createdAt, updatedAt, observedAt }: KnownFinding): AwsSecurityFinding {
  const isActive = state === "active";
  return {
    ...body,
    ...(isActive ? {} : { Compliance: { Status: state === "passed" ? "PASSED" : "NOT_AVAILABLE" } }),
    CreatedAt: iso(createdAt),
    UpdatedAt: iso(updatedAt),
    FirstObservedAt: iso(createdAt),
    LastObservedAt: iso(observedAt),
    RecordState: isActive ? "ACTIVE" : "ARCHIVED",
  };
}

/** A launch counts from the last launch, so that a sweep knows which launches its list may be too old for. */
function lastSeen({ launchedAt, observedAt }: KnownFinding, source: FindingSource): number {
  return source === "launch" ? (launchedAt ?? Number.NEGATIVE_INFINITY) : observedAt;
}

function isDenial({ Compliance }: FindingBody): boolean {
  return Compliance?.Status === "FAILED";
}

/** Code and severity: the rest of a text may differ from call to call. */
function newsOf({ GeneratorId, FindingProviderFields }: FindingBody): string {
  return `${GeneratorId} ${FindingProviderFields?.Severity?.Label}`;
}

/** Later than what is known, also where the clocks of two instances differ. */
function after(known: KnownFinding | undefined, now: number): number {
  return known === undefined ? now : Math.max(now, known.updatedAt + 1);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
