import { REASON_CODES, toStatus } from "../verification/verdict";
import type { ClusterState, RunState } from "./run-state";
import { isNewlyDenied, LAUNCHING_MS } from "./sweep-news";
import type { SweepSummary } from "./sweep-summary";
import type { SweptImage } from "./swept-image";

/** What ends within this time is said beforehand. */
export const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** Clusters that a summary lists, and the length of each error: an item of the table can have 400 KB. */
const LISTED_UNREAD = 100;
const ERROR_LIMIT = 500;

/**
 * Sums up a run.
 *
 * @param images that were judged in it.
 */
export function summarize(
  { run, isFirst, watchedSince }: RunState,
  clusters: readonly ClusterState[],
  images: readonly SweptImage[],
  now: Date,
): SweepSummary {
  const newlyDenied = isFirst ? [] : images.filter(isNewlyDenied);
  const endsSoon = (at: string | undefined) => at !== undefined && Date.parse(at) - now.getTime() <= SOON_DAYS * DAY_MS;
  const unread = clusters.filter(({ state }) => state !== "read");
  const exempt = images.filter(({ code }) => code === "exempted");
  return {
    run,
    finishedAt: now.toISOString(),
    clusters: clusters.filter(({ state }) => state === "read").length,
    tasks: sum(clusters, ({ tasks }) => tasks),
    containers: sum(clusters, ({ containers }) => containers),
    judged: sum(
      images.filter(({ status }) => status !== "inconclusive"),
      ({ containers }) => containers,
    ),
    images: images.length,
    byCode: REASON_CODES.flatMap((code) => {
      const such = images.filter((image) => image.code === code);
      if (such.length === 0) return [];
      return [
        { status: toStatus(code), code, images: such.length, containers: sum(such, ({ containers }) => containers) },
      ];
    }),
    newlyDenied: newlyDenied.length,
    newlyRevokedOrExpired: newlyDenied.filter(
      ({ code, revoked }) => revoked || code === "signature-revoked" || code === "signature-expired",
    ).length,
    endingSoon: images.filter(({ status, validUntil }) => status === "trusted" && endsSoon(validUntil)).length,
    exempted: exempt.length,
    exemptionsEnding: exempt.filter(({ exemptUntil }) => endsSoon(exemptUntil)).length,
    neverLaunched: images.filter((image) => isNeverLaunched(image, run, watchedSince)).length,
    unread: unread
      .slice(0, LISTED_UNREAD)
      .map(({ arn, error = "not read in time" }) => ({ place: arn, error: error.slice(0, ERROR_LIMIT) })),
    ...(unread.length > LISTED_UNREAD ? { moreUnread: unread.length - LISTED_UNREAD } : {}),
  };
}

/** Whether it runs in a task that was started since the environment is watched, and whose launch was not judged. */
function isNeverLaunched({ kind, seenAtLaunch, places }: SweptImage, run: string, watchedSince: string): boolean {
  if (kind === "aws-injected" || seenAtLaunch) return false;
  const [since, until] = [Date.parse(watchedSince), Date.parse(run) - LAUNCHING_MS];
  return places.some(({ task }) => since <= Date.parse(task.createdAt) && Date.parse(task.createdAt) <= until);
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
