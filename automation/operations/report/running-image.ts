import { repositoryOf } from "../../../trust/reference";
import { parseServiceGroup } from "../../../verifier/src/ecs/service-group";
import type { SweptImage } from "../../../verifier/src/sweep/swept-image";
import type { OrderEvidence, ReasonCode, Status, Verdict } from "../../../verifier/src/verification/verdict";

/** What runs tasks: a service, or a family of tasks without one. */
export interface Workload {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** `service:<name>` or `family:<family>`; null if ECS names none. The caller of RunTask can choose it. */
  readonly group: string | null;
}

/** Where an image runs. */
export interface Place extends Workload {
  readonly containers: number;
}

/** An image that runs, with its verdict. What is not known is null. */
export interface RunningImage {
  readonly kind: SweptImage["kind"];
  /** `registry/repository`. */
  readonly repository: string | null;
  readonly digest: string | null;
  /** The reference that was judged; empty if ECS reports none. */
  readonly reference: string;
  readonly status: Status;
  readonly code: ReasonCode;
  /** For people. Others control parts of it. */
  readonly detail: string;
  /** ARNs of the profile versions of the signatures that counted; of a denial, of the one that decided. */
  readonly signers: readonly string[];
  /** When the first signature that counted ends. */
  readonly validUntil: string | null;
  /** The order of the moment that decided. */
  readonly order: OrderJson | null;
  /** Running containers, at all places. */
  readonly containers: number;
  /** Those with the most containers first. */
  readonly places: readonly Place[];
  /** Places beyond these. */
  readonly morePlaces: number;
  /** Whether a launch of it was judged before. */
  readonly seenAtLaunch: boolean | null;
  /** Since when it has had this code. */
  readonly since: string | null;
  readonly judgedAt: string | null;
}

/** An order of the moment. */
export interface OrderJson {
  readonly id: string;
  readonly kind: OrderEvidence["kind"];
  readonly from: string;
  readonly until: string | null;
  readonly owner: string | null;
  readonly reason: string;
}

/** A running image as the last sweep found it. */
export function fromSwept(image: SweptImage): RunningImage {
  const places = new Map<string, Place>();
  for (const { cluster, group = null, containers } of image.places) {
    const key = workloadKey({ cluster, group });
    places.set(key, { cluster, group, containers: containers + (places.get(key)?.containers ?? 0) });
  }
  return {
    kind: image.kind,
    repository: image.repository ?? repositoryOf(image.reference) ?? null,
    digest: image.digest ?? null,
    reference: image.reference,
    status: image.status,
    code: image.code,
    detail: image.detail,
    signers: image.signers,
    validUntil: image.validUntil ?? null,
    order: toOrderJson(image.order),
    containers: image.containers,
    places: byContainers([...places.values()]),
    morePlaces: image.morePlaces,
    seenAtLaunch: image.seenAtLaunch,
    since: image.since,
    judgedAt: image.judgedAt,
  };
}

/** What is known of a running image before it is judged. */
export type UnjudgedImage = Pick<RunningImage, "kind" | "repository" | "containers" | "places">;

/** A running image as it was judged just now, without a history. */
export function withVerdict(image: UnjudgedImage, verdict: Verdict, digest: string | undefined): RunningImage {
  return {
    ...image,
    places: byContainers(image.places),
    morePlaces: 0,
    digest: verdict.digest ?? digest ?? null,
    reference: verdict.reference,
    status: verdict.status,
    code: verdict.code,
    detail: verdict.detail,
    signers: signersOf(verdict),
    validUntil: verdict.validUntil ?? null,
    order: toOrderJson(verdict.order),
    seenAtLaunch: null,
    since: null,
    judgedAt: null,
  };
}

function signersOf({ signature, counted = [] }: Verdict): readonly string[] {
  const signatures = counted.length === 0 && signature !== undefined ? [signature] : counted;
  return [...new Set(signatures.flatMap(({ profileVersion }) => profileVersion ?? []))];
}

/** An order with every key. */
export function toOrderJson(order: OrderEvidence | undefined): OrderJson | null {
  if (order === undefined) return null;
  const { id, kind, from, until = null, owner = null, reason } = order;
  return { id, kind, from, until, owner, reason };
}

/** Whether two workloads are one. */
export function workloadKey({ cluster, group }: Workload): string {
  return JSON.stringify([cluster, group]);
}

/** The service that a workload is, if it is one. */
export function serviceOf({ group }: Pick<Workload, "group">): string | undefined {
  return parseServiceGroup(group ?? undefined);
}

function byContainers(places: readonly Place[]): readonly Place[] {
  return places.toSorted((one, other) => other.containers - one.containers);
}

/** What needs somebody comes first. */
const RANKS: Readonly<Record<Status, number>> = { denied: 0, inconclusive: 1, exempt: 2, trusted: 3 };

/** The images in the order in which they are shown: by status, and those that run the most first. */
export function sortRunning(images: readonly RunningImage[]): readonly RunningImage[] {
  return images.toSorted((one, other) => RANKS[one.status] - RANKS[other.status] || other.containers - one.containers);
}
