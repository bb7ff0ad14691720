import { nextStep } from "../../../verifier/src/reporting/next-step";
import { REASON_CODES } from "../../../verifier/src/verification/verdict";
import type { ReadRecord } from "../verdict-record";
import { groupOf, lastVerdicts, pointOf, subjectKey } from "./last-verdicts";
import type { Workload } from "./running-image";
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

/** What `enforce` would have done to what was only audited. */
export interface WouldStop {
  /** What would have been stopped or refused. */
  readonly rows: readonly StopRow[];
  /** What could not be judged in the end, and would have run on under the settings that were in force. */
  readonly undecided: readonly StopRow[];
  readonly workloads: {
    readonly judged: number;
    /** Those of which something would have been stopped. */
    readonly stopped: number;
    /** Those of which everything was trusted or exempt. */
    readonly clean: number;
  };
}

/**
 * Finds what enforcing would have stopped: what was denied and only audited. An inconclusive verdict counts where it was
 * final and the settings make it a denial.
 *
 * @param records in order of time.
 * @param runningDigests undefined if it is not known what runs.
 */
export function findWouldStop(
  records: readonly ReadRecord[],
  runningDigests: ReadonlySet<string> | undefined,
): WouldStop {
  const last = lastVerdicts(records).filter(({ final }) => final);
  const denied = new Set(last.filter(({ status }) => status === "denied").map(subjectKey));
  const stopped = last.filter(
    (record) =>
      record.response === "audited" &&
      // The response is that of the whole task: another container may be the cause.
      (record.status === "denied" || (record.status === "inconclusive" && !denied.has(subjectKey(record)))),
  );
  const undecided = last.filter((record) => record.status === "inconclusive" && !stopped.includes(record));
  const keys = (some: readonly ReadRecord[]) => new Set(some.map((record) => workloadKey(workloadOf(record))));
  const bad = last.filter(({ status }) => status === "denied" || status === "inconclusive");
  const judged = keys(last);
  return {
    rows: toRows(stopped, runningDigests),
    undecided: toRows(undecided, runningDigests),
    workloads: { judged: judged.size, stopped: keys(stopped).size, clean: judged.size - keys(bad).size },
  };
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
    .flatMap((some) => toRow(some, running) ?? [])
    .sort((one, other) => other.subjects - one.subjects || (one.last < other.last ? 1 : -1));
}

function toRow(records: readonly ReadRecord[], running: ReadonlySet<string> | undefined): StopRow | undefined {
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
