import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../launch-verdict";
import { serviceOf } from "../response";
import type { ReasonCode, Verdict } from "../verdict";
import type { LedgerVerdict } from "./ledger";

/** An event that comes late, with a tag, says nothing about a container whose digest has been judged. */
export function isOutdated({ container, verdict }: ContainerVerdict, known: readonly LedgerVerdict[]): boolean {
  return verdict.provisional && known.some((earlier) => earlier.container === container && !earlier.provisional);
}

/**
 * A denial through a tag of a task that a service has started waits until ECS reports the digest. A service's deployment
 * keeps the digest that its first task has pulled (software version consistency), so a tag that has moved since says
 * nothing about the tasks that follow, and stopping them would stop what was trusted.
 */
export function isHeldBack({ verdict }: ContainerVerdict, { group }: Pick<Launch, "group">): boolean {
  return verdict.status === "denied" && verdict.provisional && serviceOf(group) !== undefined;
}

/** The ledger has this verdict already, and as firm as it is now. */
export function isRemembered({ container, verdict }: ContainerVerdict, known: readonly LedgerVerdict[]): boolean {
  return known.some(
    (earlier) =>
      earlier.container === container &&
      earlier.digest === verdict.digest &&
      earlier.code === verdict.code &&
      (!earlier.provisional || verdict.provisional),
  );
}

/** The digest that was judged through the tag before, if ECS has pulled another one. */
export function tagMovedFrom(
  { container, verdict }: ContainerVerdict,
  known: readonly LedgerVerdict[],
): string | undefined {
  if (verdict.provisional || verdict.digest === undefined) return undefined;
  const others = known.filter(({ digest }) => digest !== undefined && digest !== verdict.digest);
  return others.find((earlier) => earlier.container === container && earlier.provisional)?.digest;
}

/** Verdicts on the reference alone: they stay the same when ECS reports the digest. */
const DIGEST_FREE: ReadonlySet<ReasonCode> = new Set([
  "reference-invalid",
  "registry-not-allowed",
  "no-applicable-statement",
  "aws-injected",
]);

/** What makes a verdict a new one for its task: container, code, and the digest, if it is about one. */
export function verdictKey(container: string, { code, digest, reference }: Verdict): string {
  return DIGEST_FREE.has(code) ? `${container}#${code}` : `${container}#${code}#${digest ?? reference}`;
}
