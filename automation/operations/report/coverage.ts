import type { SweepSummary } from "../../../verifier/src/sweep/sweep-summary";
import type { Attachment } from "../gate/attachment-state";
import type { RunningImage, Workload } from "./running-image";

/** A service and the deployment gate. */
export interface GatedService extends Workload {
  readonly gate: Attachment["state"];
  readonly mode: Attachment["mode"];
}

/** What the gate, the detector and the sweep have seen of what runs. What is not known is null. */
export interface Coverage {
  readonly gate: {
    readonly services: number;
    /** Those with the gate, as this environment would have it or otherwise. */
    readonly gated: number;
    /** Those of them that the gate enforces; the others it audits. */
    readonly enforced: number;
    readonly rows: readonly GatedService[];
  } | null;
  readonly detector: {
    readonly images: number;
    /** Images that run and were never launched under the detector's eyes. */
    readonly neverLaunched: number;
    /** ARNs of clusters in which something runs that the environment does not watch. */
    readonly notWatched: readonly string[];
  } | null;
  readonly sweep: {
    readonly run: string;
    readonly finishedAt: string;
    readonly clusters: number;
    readonly tasks: number;
    readonly containers: number;
    /** Containers whose image was judged: trusted, denied or exempt. Those of inconclusive images are not counted. */
    readonly judged: number;
    /** Images that count for the alarm `never-launched`: those in tasks that were started since the environment is watched. */
    readonly neverLaunched: number;
    /** Clusters that could not be read. */
    readonly unread: readonly { readonly place: string; readonly error: string }[];
  } | null;
}

export interface CoverageFacts {
  /** Undefined if they could not be read, or there is no gate. */
  readonly services: readonly GatedService[] | undefined;
  readonly running: readonly RunningImage[] | undefined;
  readonly sweep: SweepSummary | undefined;
  /** ARNs; undefined: every cluster. */
  readonly watchedClusters: readonly string[] | undefined;
}

export function findCoverage({ services, running, sweep, watchedClusters }: CoverageFacts): Coverage {
  return {
    gate: services === undefined ? null : gateCoverage(services),
    detector: running === undefined || sweep === undefined ? null : detectorCoverage(running, watchedClusters),
    sweep: sweep === undefined ? null : sweepCoverage(sweep),
  };
}

function gateCoverage(services: readonly GatedService[]): Coverage["gate"] {
  const gated = services.filter(({ gate }) => gate === "attached" || gate === "attached-otherwise");
  return {
    services: services.length,
    gated: gated.length,
    enforced: gated.filter(({ mode }) => mode === "enforce").length,
    rows: services,
  };
}

/** Whether an image runs whose launch the detector has not judged. What AWS adds is not expected to be. */
export function isNeverLaunched({ kind, seenAtLaunch }: Pick<RunningImage, "kind" | "seenAtLaunch">): boolean {
  return kind !== "aws-injected" && seenAtLaunch === false;
}

function detectorCoverage(
  running: readonly RunningImage[],
  watched: readonly string[] | undefined,
): Coverage["detector"] {
  const expected = running.filter(({ kind }) => kind !== "aws-injected");
  const clusters = new Set(running.flatMap(({ places }) => places.map(({ cluster }) => cluster)));
  return {
    images: expected.length,
    neverLaunched: running.filter(isNeverLaunched).length,
    notWatched: watched === undefined ? [] : [...clusters].filter((arn) => !watched.includes(arn)).sort(),
  };
}

function sweepCoverage(sweep: SweepSummary): Coverage["sweep"] {
  const { run, finishedAt, clusters, tasks, containers, judged, neverLaunched, unread } = sweep;
  return { run, finishedAt, clusters, tasks, containers, judged, neverLaunched, unread };
}
