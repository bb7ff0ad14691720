import type { Settings } from "../baked-settings";
import { hasEnded, type Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import { parseServiceGroup } from "../ecs/service-group";
import type { Subject } from "../verification/subject";
import type { ReasonCode, Verdict } from "../verification/verdict";
import type { LedgerVerdict } from "./ledger";

/** The digest of this container has a final verdict already. */
export function isSettled({ container, digest }: Subject, known: readonly LedgerVerdict[]): boolean {
  const earlier = known.filter((one) => one.container === container && !one.provisional);
  return digest !== undefined && earlier.some((one) => one.digest === digest);
}

/**
 * A task that has ended and started before the ledger's retention time: its verdicts are deleted, and judging it now
 * would report signatures that have expired while it ran.
 */
export function isBeyondMemory(
  { createdAt }: Pick<Launch, "createdAt">,
  { ledgerDays }: Pick<Settings, "ledgerDays">,
  now: number,
): boolean {
  return now - createdAt.getTime() >= ledgerDays * 86_400_000;
}

/**
 * The task was denied before, and this event adds nothing. Either the task has ended, so that anything still due for
 * it, such as a postponed stop, is no longer needed; or the event is late and has the tag of a container that was
 * denied.
 */
export function isDeniedBefore(
  launch: Pick<Launch, "lastStatus">,
  containers: readonly ContainerVerdict[],
  known: readonly LedgerVerdict[],
): boolean {
  const denied = known.filter(({ provisional, status }) => !provisional && status === "denied");
  if (hasEnded(launch)) return denied.length > 0;
  const outdated = containers.filter((one) => isOutdated(one, known));
  return outdated.some((one) => denied.some(({ container }) => container === one.container));
}

/**
 * The launch with the digests that were judged before, where this event has none; if there are several, a denied one.
 */
export function withKnownDigests(launch: Launch, known: readonly LedgerVerdict[]): Launch {
  const containers = launch.containers.map((one) => {
    if (one.imageDigest !== undefined || one.oddDigest !== undefined) return one;
    const judged = known.filter((earlier) => earlier.container === one.name && !earlier.provisional);
    const digests = judged.filter(({ digest }) => digest !== undefined);
    const imageDigest = (digests.find(({ status }) => status === "denied") ?? digests[0])?.digest;
    return imageDigest === undefined ? one : { ...one, imageDigest };
  });
  return { ...launch, containers };
}

/** A container of an ended task that the runtime never created, for example because its image could not be pulled. */
export function hasNeverRun(launch: Pick<Launch, "lastStatus" | "containers">, container: string): boolean {
  return (
    hasEnded(launch) && launch.containers.some(({ name, runtimeId }) => name === container && runtimeId === undefined)
  );
}

/** A late event with a tag tells nothing about a container whose digest has been judged. */
export function isOutdated({ container, verdict }: ContainerVerdict, known: readonly LedgerVerdict[]): boolean {
  return verdict.provisional && known.some((earlier) => earlier.container === container && !earlier.provisional);
}

/**
 * For a task that a service started, a denial through a tag waits until ECS reports the digest. A service's deployment
 * keeps the digest that its first task pulled (software version consistency). If the tag has moved since, it tells
 * nothing about later tasks, and stopping them would stop trusted images. When the task has ended, there is nothing
 * more to wait for.
 */
export function isHeldBack({ verdict }: ContainerVerdict, launch: Pick<Launch, "group" | "lastStatus">): boolean {
  return (
    verdict.status === "denied" &&
    verdict.provisional &&
    parseServiceGroup(launch.group) !== undefined &&
    !hasEnded(launch)
  );
}

/** The ledger has this verdict already, with the same certainty. */
export function isRemembered({ container, verdict }: ContainerVerdict, known: readonly LedgerVerdict[]): boolean {
  return known.some(
    (earlier) =>
      earlier.container === container &&
      earlier.digest === verdict.digest &&
      earlier.code === verdict.code &&
      (!earlier.provisional || verdict.provisional),
  );
}

/** The digest that was judged through the tag before, if ECS pulled another one. */
export function tagMovedFrom(
  { container, verdict }: ContainerVerdict,
  known: readonly LedgerVerdict[],
): string | undefined {
  if (verdict.provisional || verdict.digest === undefined) return undefined;
  const others = known.filter(({ digest }) => digest !== undefined && digest !== verdict.digest);
  return others.find((earlier) => earlier.container === container && earlier.provisional)?.digest;
}

/** Verdicts that depend on the reference alone: they stay the same when ECS reports the digest. */
const DIGEST_FREE: ReadonlySet<ReasonCode> = new Set([
  "reference-invalid",
  "registry-not-allowed",
  "no-applicable-statement",
  "aws-injected",
]);

/** What makes a verdict new for its task: container, code, and the digest if the verdict depends on it. */
export function verdictKey(container: string, { code, digest, reference }: Verdict): string {
  return DIGEST_FREE.has(code) ? `${container}#${code}` : `${container}#${code}#${digest ?? reference}`;
}
