import type { Delivery } from "../reporting/delivery";
import type { Ledger } from "../reporting/ledger";
import type { SweepMetrics } from "./metrics";
import type { SweepReading } from "./reconcile-findings";
import type { ClusterState } from "./run-state";
import type { RunStore } from "./run-store";
import { summarize } from "./summarize";
import { formatFirstSweep } from "./summary-message";
import type { SweepSummary } from "./sweep-summary";
import type { SweptImage } from "./swept-image";

/** What is needed to end a sweep. */
export interface Finisher {
  /** Name of the environment. */
  readonly environment: string;
  readonly ledger: Pick<Ledger, "once">;
  readonly runs: Pick<RunStore, "readRun" | "readProgress" | "readClusters" | "saveSummary">;
  /** The last verdict on every image. */
  readonly readImages: () => Promise<readonly SweptImage[]>;
  readonly delivery: Pick<Delivery, "announce">;
  readonly metrics: SweepMetrics;
  readonly log: (summary: SweepSummary) => void;
  /** Brings the findings in Security Hub in line. Undefined: the environment makes none. Never rejects. */
  readonly reconcile?: ((images: readonly SweptImage[], reading: SweepReading) => Promise<void>) | undefined;
  /** Whether every cluster of the account and region is watched. */
  readonly watchesAll: boolean;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Ends a run whose images are all judged. */
export async function finishIfComplete(finisher: Finisher, run: string): Promise<void> {
  const { total, done } = await finisher.runs.readProgress(run);
  if (total !== undefined && done >= total) await finishSweep(finisher, run);
}

/** Ends a run, once: sums it up, counts, and tells people of the first. */
export async function finishSweep(finisher: Finisher, run: string): Promise<void> {
  const { ledger, runs, readImages, delivery, environment, metrics, log, now } = finisher;
  const state = await runs.readRun(run);
  if (state === undefined) return;
  await ledger.once(`sweep#${run}`, "finished", async () => {
    const [clusters, images] = await Promise.all([runs.readClusters(run), readImages()]);
    const judged = images.filter((image) => image.run === run);
    const summary = summarize(state, clusters, judged, new Date(now()));
    if (state.isFirst) await delivery.announce(formatFirstSweep(environment, summary));
    await runs.saveSummary(summary);
    metrics.finished(summary);
    log(summary);
    await finisher.reconcile?.(judged, await readingOf(finisher, run, clusters));
    return summary.finishedAt;
  });
}

/** What a run has read, for the findings. Of a run with images that were not judged none is archived. */
async function readingOf(
  { runs, watchesAll }: Pick<Finisher, "runs" | "watchesAll">,
  run: string,
  clusters: readonly ClusterState[],
): Promise<SweepReading> {
  const { total, done } = await runs.readProgress(run);
  const isWhole = total !== undefined && done >= total;
  const read = isWhole ? clusters.filter(({ state }) => state === "read") : [];
  return {
    startedAt: Date.parse(run),
    readClusters: new Set(read.map(({ arn }) => arn)),
    ...(isWhole && watchesAll ? { listedClusters: new Set(clusters.map(({ arn }) => arn)) } : {}),
  };
}
