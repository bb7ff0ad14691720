import { nextStep } from "../../../verifier/src/reporting/next-step";
import { REASON_CODES, type ReasonCode, STATUSES, type Status } from "../../../verifier/src/verification/verdict";
import type { ReadRecord } from "../verdict-record";
import { groupOf, lastVerdicts, pointOf, subjectKey } from "./last-verdicts";
import type { RunningImage, Workload } from "./running-image";
import { workloadKey } from "./running-image";

/** What the verdicts on a workload with one reason code come to. */
export interface StopRow extends Workload {
  /** Where it was judged: `launch`, `deployment`, `sweep`. */
  readonly point: string;
  readonly status: string;
  readonly code: string;
  /** Tasks or deployments, or images of a sweep. */
  readonly subjects: number;
  /** Distinct images. */
  readonly images: number;
  readonly first: string;
  readonly last: string;
  /** The newest. Others control parts of it. */
  readonly example: {
    readonly image: string;
    readonly digest: string | null;
    readonly container: string;
    readonly detail: string;
  };
  /** Whether one of the images runs now; null if that is not known. */
  readonly runsNow: boolean | null;
  /** What to do about it. */
  readonly next: string;
}

/** Denied images that run, of one workload with one reason code: its next launch of them would be stopped. */
export interface RunningStopRow extends Workload {
  readonly code: ReasonCode;
  readonly images: number;
  readonly containers: number;
  /** The first sweep that found the oldest of them with this code. */
  readonly since: string | null;
  readonly example: { readonly image: string; readonly digest: string | null; readonly detail: string };
  /** What to do about it. */
  readonly next: string;
}

/** What `enforce` would stop, by what was only audited, and by what runs. */
export interface WouldStop {
  /** What would have been stopped or refused in the time of the history; null without one. */
  readonly rows: readonly StopRow[] | null;
  /** What could not be judged in the end, and would have run on under the settings that were in force; null without a history. */
  readonly undecided: readonly StopRow[] | null;
  /** What runs and is denied, however long ago it was launched; null if it is not known what runs. */
  readonly running: readonly RunningStopRow[] | null;
  readonly workloads: {
    /** Those with a verdict in the time of the history, or with something that runs. */
    readonly judged: number;
    /** Those of which something would have been stopped in that time. */
    readonly stopped: number;
    /** Those of which something denied runs. */
    readonly runDenied: number;
    /** Those of either. */
    readonly affected: number;
    /** Those of which everything was, and is, trusted or exempt. */
    readonly clean: number;
  };
}

export interface WouldStopFacts {
  /** In order of time; undefined without a history. */
  readonly records: readonly ReadRecord[] | undefined;
  /** Undefined if it is not known what runs. */
  readonly running: readonly RunningImage[] | undefined;
}

/**
 * Finds what enforcing would stop: what was denied and only audited, and what is denied and runs, which was launched before. A
 * verdict on a launch that was inconclusive counts where it was final and the settings make it a denial.
 */
export function findWouldStop({ records, running }: WouldStopFacts): WouldStop | null {
  if (records === undefined && running === undefined) return null;
  const digests = running && new Set(running.flatMap(({ digest }) => digest ?? []));
  const launched = records && launchedStops(records);
  const runDenied = placeKeys(running, ["denied"]);
  const runBad = placeKeys(running, ["denied", "inconclusive"]);
  const stopped = launched?.stopped ?? [];
  const judged = union(keysOf(launched?.last ?? []), placeKeys(running, STATUSES));
  const bad = union(keysOf(launched?.last.filter(isBad) ?? []), runBad);
  return {
    rows: launched === undefined ? null : toRows(launched.stopped, digests),
    undecided: launched === undefined ? null : toRows(launched.undecided, digests),
    running: running === undefined ? null : runningRows(running),
    workloads: {
      judged: judged.size,
      stopped: keysOf(stopped).size,
      runDenied: runDenied.size,
      affected: union(keysOf(stopped), runDenied).size,
      clean: judged.size - bad.size,
    },
  };
}

function launchedStops(records: readonly ReadRecord[]) {
  const last = lastVerdicts(records).filter(({ final }) => final);
  const denied = new Set(last.filter(({ status }) => status === "denied").map(subjectKey));
  const stopped = last.filter(
    (record) =>
      record.response === "audited" &&
      // The response is that of the whole task: another container may be the cause.
      (record.status === "denied" || (record.status === "inconclusive" && !denied.has(subjectKey(record)))),
  );
  const isStopped = new Set(stopped);
  const undecided = last.filter((record) => record.status === "inconclusive" && !isStopped.has(record));
  return { last, stopped, undecided };
}

function isBad({ status }: { readonly status: string }): boolean {
  return status === "denied" || status === "inconclusive";
}

function keysOf(records: readonly ReadRecord[]): ReadonlySet<string> {
  return new Set(records.map((record) => workloadKey(workloadOf(record))));
}

/** The workloads that run an image of one of these statuses. */
function placeKeys(running: readonly RunningImage[] = [], statuses: readonly Status[]): ReadonlySet<string> {
  return new Set(
    running.filter(({ status }) => statuses.includes(status)).flatMap(({ places }) => places.map(workloadKey)),
  );
}

function union(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one, ...other]);
}

function runningRows(running: readonly RunningImage[]): readonly RunningStopRow[] {
  const rows = new Map<string, RunningStopRow>();
  for (const { status, code, reference, digest, detail, since, places } of running) {
    if (status !== "denied") continue;
    for (const { cluster, group, containers } of places) {
      const key = JSON.stringify([workloadKey({ cluster, group }), code]);
      const row = rows.get(key);
      rows.set(key, {
        cluster,
        group,
        code,
        images: (row?.images ?? 0) + 1,
        containers: (row?.containers ?? 0) + containers,
        since: earlier(row?.since ?? null, since),
        example: row?.example ?? { image: reference, digest, detail },
        next: nextStep(code),
      });
    }
  }
  return [...rows.values()].sort((one, other) => other.containers - one.containers);
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** What a record is about. */
export function workloadOf(record: ReadRecord): Workload {
  return { cluster: record.cluster, group: groupOf(record) };
}

function toRows(records: readonly ReadRecord[], running: ReadonlySet<string> | undefined): readonly StopRow[] {
  const groups = new Map<string, ReadRecord[]>();
  for (const record of records) {
    const key = JSON.stringify([pointOf(record), workloadKey(workloadOf(record)), record.code]);
    const some = groups.get(key);
    if (some === undefined) groups.set(key, [record]);
    else some.push(record);
  }
  return [...groups.values()]
    .map((some) => toRow(some, running))
    .sort((one, other) => other.subjects - one.subjects || (one.last < other.last ? 1 : -1));
}

function toRow(records: readonly ReadRecord[], running: ReadonlySet<string> | undefined): StopRow {
  const newest = records.reduce((one, other) => (one.judgedAt > other.judgedAt ? one : other));
  const times = records.map(({ judgedAt }) => judgedAt).sort();
  const { image, digest = null, container, detail, status, code } = newest;
  const known = REASON_CODES.find((one) => one === code);
  return {
    point: pointOf(newest),
    ...workloadOf(newest),
    status,
    code,
    subjects: new Set(records.map(subjectKey)).size,
    images: new Set(records.map((one) => one.digest ?? one.image)).size,
    first: times[0] ?? newest.judgedAt,
    last: newest.judgedAt,
    example: { image, digest, container, detail },
    runsNow: running === undefined ? null : records.some((one) => one.digest !== undefined && running.has(one.digest)),
    next: known === undefined ? "See docs/verdicts.md." : nextStep(known),
  };
}
