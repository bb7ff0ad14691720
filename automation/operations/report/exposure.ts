import type { ReadRecord } from "../verdict-record";
import { groupOf, pointOf } from "./last-verdicts";
import type { Workload } from "./running-image";

/** Times of several tasks, in milliseconds. */
export interface Times {
  readonly tasks: number;
  readonly median: number;
  /** 95 % of the tasks took this long or less. */
  readonly p95: number;
  readonly worst: number;
  readonly worstTask: Workload & { readonly task: string; readonly at: string };
}

/** How long tasks with a denied image were there, from their creation by ECS. */
export interface Exposure {
  /** Until the verdict that it is denied. */
  readonly toVerdict: Times | null;
  /** Until the verifier had stopped it. */
  readonly toStop: Times | null;
  /** Tasks that were denied and not stopped by the verifier: it audits, or could not or must not stop them. */
  readonly notStopped: number;
}

/** What the metric `Exposure` counts: verifier/src/reporting/metrics.ts. */
const STOPPED: ReadonlySet<string> = new Set(["stopped", "rolled-back-and-stopped", "stopped-first-deployment"]);

interface TaskTimes {
  readonly record: ReadRecord;
  readonly toVerdict: number;
  readonly toStop: number | undefined;
}

/**
 * Measures the launches that were denied. A record is made after the response was given.
 *
 * @param records in order of time.
 */
export function measureExposure(records: readonly ReadRecord[]): Exposure {
  const tasks = new Map<string, TaskTimes>();
  for (const record of records) {
    const { task, taskCreatedAt, judgedAt, status, final, response } = record;
    if (task === undefined || taskCreatedAt === undefined || pointOf(record) !== "launch") continue;
    if (status !== "denied" || !final) continue;
    const time = Math.max(0, Date.parse(judgedAt) - Date.parse(taskCreatedAt));
    if (Number.isNaN(time)) continue;
    const known = tasks.get(task);
    tasks.set(task, {
      record: known?.record ?? record,
      toVerdict: Math.min(time, known?.toVerdict ?? time),
      toStop: known?.toStop ?? (STOPPED.has(response) ? time : undefined),
    });
  }
  const all = [...tasks.values()];
  const stopped = all.flatMap(({ record, toStop }) => (toStop === undefined ? [] : [{ record, time: toStop }]));
  return {
    toVerdict: timesOf(all.map(({ record, toVerdict }) => ({ record, time: toVerdict }))),
    toStop: timesOf(stopped),
    notStopped: all.length - stopped.length,
  };
}

function timesOf(measured: readonly { readonly record: ReadRecord; readonly time: number }[]): Times | null {
  const sorted = measured.toSorted((one, other) => one.time - other.time);
  const worst = sorted.at(-1);
  if (worst === undefined) return null;
  const { record } = worst;
  return {
    tasks: sorted.length,
    median: rank(sorted, 0.5),
    p95: rank(sorted, 0.95),
    worst: worst.time,
    worstTask: { task: record.task ?? "", cluster: record.cluster, group: groupOf(record), at: record.judgedAt },
  };
}

/** The nearest rank: a time that was measured, never one between two. */
function rank(sorted: readonly { readonly time: number }[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1]?.time ?? 0;
}
