import { recordedArn } from "../../../verifier/src/reporting/record-schema";
import type { ReadRecord } from "../verdict-record";

/**
 * The last verdict on each container of each task, deployment or sweep. A container has several records: before ECS reports
 * its digest and after it, and for each stage of a deployment.
 *
 * @param records in order of time.
 */
export function lastVerdicts(records: readonly ReadRecord[]): readonly ReadRecord[] {
  const last = new Map<string, ReadRecord>();
  for (const record of records) {
    const key = `${subjectKey(record)} ${record.container}`;
    // One that is judged again does not take back a result.
    if (!record.final && last.get(key)?.final === true) continue;
    last.delete(key);
    last.set(key, record);
  }
  return [...last.values()];
}

/**
 * What was judged as a whole: a task at its launch, a deployment, or an image of a workload in a sweep, which names one of its
 * tasks, and another one the next time.
 */
export function subjectKey(record: ReadRecord): string {
  const point = pointOf(record);
  if (point === "launch" || point === "deployment") return `${point} ${recordedArn(record)}`;
  return JSON.stringify([point, record.cluster, groupOf(record), record.digest ?? record.image]);
}

/** Where a verdict was reached. Records of the first verifiers do not say it: they are of launches. */
export function pointOf({ enforcementPoint = "launch" }: Pick<ReadRecord, "enforcementPoint">): string {
  return enforcementPoint;
}

/** The group of what was judged: that of its service, or its family. */
export function groupOf({ service, group, family }: Pick<ReadRecord, "service" | "group" | "family">): string {
  return service === undefined ? (group ?? `family:${family}`) : `service:${service}`;
}
