import { randomBytes } from "node:crypto";
import { inParallel } from "../in-parallel";
import type { SweepCoordinator, SweepLog } from "./coordinator";
import { type Finisher, finishIfComplete, finishSweep } from "./finish-sweep";
import { readCluster } from "./read-cluster";
import type { ClusterState, RunState } from "./run-state";
import type { CurrentRun } from "./run-store";

/** Clusters that are read at a time. */
const AT_ONCE = 4;

/** The time in which a part is read and stored, and the images are queued, in milliseconds. */
const RESERVE_MS = 90_000;

/** How far a run's name may be ahead of the clock, in milliseconds. */
const MOST_AHEAD_MS = 5 * 60_000;

/**
 * Reads what runs in the watched clusters, and puts each image on the queue once. It can be invoked again for the same run, and
 * goes on where it ended: what is stored is not read again, and an image that is queued twice is judged once.
 *
 * @param run Its scheduled time.
 * @param remainingMs the time that is left. If it runs short, another invocation goes on.
 * @throws an error for a run in the future, the errors of the ledger's table, of the queue, and of ListClusters.
 */
export async function coordinate(coordinator: SweepCoordinator, run: string, remainingMs: () => number): Promise<void> {
  const { runs, finisher, log, now } = coordinator;
  if (Date.parse(run) > now() + MOST_AHEAD_MS) {
    throw new Error(`The run ${run} is in the future: no sweep could follow it. Name it by the time of now.`);
  }
  const current = await runs.readCurrent();
  if (current !== undefined && current.run > run) {
    log.info("A later sweep has begun", { run, later: current.run });
    return;
  }
  const state = (await runs.readRun(run)) ?? (await begin(coordinator, run, current));
  // A function with less time must come forward as well.
  const reserveMs = Math.min(RESERVE_MS, remainingMs() / 3);
  const isTimeLeft = () => remainingMs() > reserveMs;
  const clusters = await readOpen(coordinator, state, isTimeLeft);
  if (clusters.some((cluster) => cluster.state === "open")) {
    log.info("Another invocation goes on with the sweep", { run });
    await coordinator.goOnLater(run);
    return;
  }
  const keys = await runs.readImageKeys(run);
  await runs.setTotal(run, keys.length);
  await coordinator.sendImages(run, shuffled(keys));
  log.info("The images of a sweep are queued", { run, clusters: clusters.length, images: keys.length });
  await finishIfComplete(finisher, run);
}

/** Begins a run, after the end of an earlier one of which some images could not be judged. */
async function begin(
  { runs, readLastSummary, listClusters, finisher, log }: SweepCoordinator,
  run: string,
  current: CurrentRun | undefined,
): Promise<RunState> {
  if (current !== undefined) await finishEarlier(finisher, log, current.run);
  const [last, clusters] = await Promise.all([readLastSummary(), listClusters()]);
  const state: RunState = {
    run,
    isFirst: last === undefined,
    watchedSince: current?.watchedSince ?? run,
    ...(current === undefined ? {} : { previousRun: current.run }),
  };
  await runs.begin(state, clusters);
  return state;
}

/** That an earlier run cannot be ended must not end all later ones. */
async function finishEarlier(finisher: Finisher, log: SweepLog, run: string): Promise<void> {
  try {
    await finishSweep(finisher, run);
  } catch (error) {
    log.error(`The sweep of ${run} could not be ended`, error);
  }
}

/** Another order in each sweep: nobody can choose an image that is always judged, and its tasks stopped, before others. */
function shuffled(keys: readonly string[]): readonly string[] {
  return keys
    .map((key) => ({ key, at: randomBytes(8).toString("hex") }))
    .sort((one, other) => (one.at < other.at ? -1 : 1))
    .map(({ key }) => key);
}

/** Reads the clusters that are still open. One that fails is tried again after the others. */
async function readOpen(
  coordinator: SweepCoordinator,
  { run }: RunState,
  isTimeLeft: () => boolean,
): Promise<readonly ClusterState[]> {
  const clusters = await coordinator.runs.readClusters(run);
  const read: ClusterState[] = [];
  const work = (cluster: ClusterState) => readCluster(coordinator, run, cluster, isTimeLeft);
  for await (const cluster of inParallel(clusters, AT_ONCE, work)) read.push(cluster);
  return read;
}
