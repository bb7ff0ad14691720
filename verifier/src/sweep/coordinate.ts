import { inParallel } from "../in-parallel";
import type { SweepCoordinator } from "./coordinator";
import { finishIfComplete, finishSweep } from "./finish-sweep";
import { readCluster } from "./read-cluster";
import type { ClusterState, RunState } from "./run-state";
import type { CurrentRun } from "./run-store";

/** Clusters that are read at a time. */
const AT_ONCE = 4;

/** The time in which a part is read and stored, and the images are queued, in milliseconds. */
const RESERVE_MS = 90_000;

/**
 * Reads what runs in the watched clusters, and puts each image on the queue once. It can be invoked again for the same run, and
 * goes on where it ended: what is stored is not read again, and an image that is queued twice is judged once.
 *
 * @param run Its scheduled time.
 * @param remainingMs the time that is left. If it runs short, another invocation goes on.
 * @throws the errors of the ledger's table, of the queue, and of ListClusters.
 */
export async function coordinate(coordinator: SweepCoordinator, run: string, remainingMs: () => number): Promise<void> {
  const { runs, finisher, log } = coordinator;
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
  await coordinator.sendImages(run, keys);
  log.info("The images of a sweep are queued", { run, clusters: clusters.length, images: keys.length });
  await finishIfComplete(finisher, run);
}

/** Begins a run, after the end of an earlier one of which some images could not be judged. */
async function begin(
  { runs, readLastSummary, listClusters, finisher }: SweepCoordinator,
  run: string,
  current: CurrentRun | undefined,
): Promise<RunState> {
  if (current !== undefined && current.run !== run) await finishSweep(finisher, current.run);
  const [last, clusters] = await Promise.all([readLastSummary(), listClusters()]);
  const state = { run, isFirst: last === undefined, watchedSince: current?.watchedSince ?? run };
  await runs.begin(state, clusters);
  return state;
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
