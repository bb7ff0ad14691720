import type { Delivery } from "../reporting/delivery";
import type { Ledger } from "../reporting/ledger";
import type { SweepMetrics } from "./metrics";
import { rememberNotJudged } from "./not-judged";
import type { SweepReading } from "./reconcile-findings";
import type { ClusterState, RunState } from "./run-state";
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
  readonly runs: Pick<
    RunStore,
    "readRun" | "readProgress" | "readClusters" | "readImageKeys" | "readImage" | "recall" | "remember" | "saveSummary"
  >;
  /** The images that a run has judged. */
  readonly readImages: (run: string) => Promise<readonly SweptImage[]>;
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
    await rememberMissing(finisher, state);
    const [clusters, images] = await Promise.all([runs.readClusters(run), readImages(run)]);
    const summary = summarize(state, clusters, images, new Date(now()));
    if (state.isFirst) await delivery.announce(formatFirstSweep(environment, summary));
    await runs.saveSummary(summary);
    metrics.finished(summary);
    log(summary);
    await finisher.reconcile?.(images, readingOf(finisher, run, clusters));
    return summary.finishedAt;
  });
}

/** Notes the images of a run that is ended before all of them were judged. */
async function rememberMissing(finisher: Finisher, state: RunState): Promise<void> {
  const { runs, readImages } = finisher;
  const { total, done } = await runs.readProgress(state.run);
  if (total !== undefined && done >= total) return;
  const judged = new Set((await readImages(state.run)).map(({ key }) => key));
  for (const key of await runs.readImageKeys(state.run)) {
    if (!judged.has(key)) await rememberNotJudged(finisher, state, key);
  }
}

/** What a run has read, for the findings. */
function readingOf(
  { watchesAll }: Pick<Finisher, "watchesAll">,
  run: string,
  clusters: readonly ClusterState[],
): SweepReading {
  const read = clusters.filter(({ state }) => state === "read");
  return {
    startedAt: Date.parse(run),
    readClusters: new Set(read.map(({ arn }) => arn)),
    ...(watchesAll ? { listedClusters: new Set(clusters.map(({ arn }) => arn)) } : {}),
  };
}
