import { ReferenceInvalidError, readReference, repositoryName } from "../../trust/reference";
import type { ReadRecord } from "./verdict-record";

/** Which verdicts to select; omitted fields match everything. */
export interface VerdictFilter {
  readonly statuses?: readonly ReadRecord["status"][];
  /** A reason code. */
  readonly code?: string;
  /** ARN of a task, or its id (the last part of the ARN). */
  readonly task?: string;
  /** Name of a cluster, or its ARN. */
  readonly cluster?: string;
  /** A repository: `team/app`, or `registry/team/app`. */
  readonly repository?: string;
}

/** Whether a record matches the filter. */
export function isWanted(record: ReadRecord, filter: VerdictFilter): boolean {
  const { statuses, code, task, cluster, repository } = filter;
  return (
    (statuses === undefined || statuses.includes(record.status)) &&
    (code === undefined || record.code === code) &&
    (task === undefined || (record.task !== undefined && isOrEndsWith(record.task, task))) &&
    (cluster === undefined || isOrEndsWith(record.cluster, cluster)) &&
    (repository === undefined || isOfRepository(record.image, repository))
  );
}

function isOrEndsWith(arn: string, wanted: string): boolean {
  return arn === wanted || arn.endsWith(`/${wanted}`);
}

function isOfRepository(image: string, wanted: string): boolean {
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) return false;
  return reference.repository === wanted || repositoryName(reference) === wanted;
}

/**
 * The filter as a pattern of CloudWatch Logs, so that it returns fewer lines (user guide, "Filter pattern syntax": JSON
 * patterns, with `*` for any text). It only reduces traffic: {@link isWanted} decides, and it alone checks the repository.
 */
export function filterPattern({ statuses, code, task, cluster }: VerdictFilter): string {
  const all = [
    is("$.message", "Image Verdict"),
    ...(statuses === undefined ? [] : [statuses.map((status) => is("$.verdict.status", status)).join(" || ")]),
    ...(code === undefined ? [] : [is("$.verdict.code", code)]),
    ...(task === undefined ? [] : [is("$.verdict.task", arnOrPart(task))]),
    ...(cluster === undefined ? [] : [is("$.verdict.cluster", arnOrPart(cluster))]),
  ];
  return `{ ${all.map((part) => `(${part})`).join(" && ")} }`;
}

function is(selector: string, value: string): string {
  return `${selector} = "${value.replace(/["\\]/g, "\\$&")}"`;
}

function arnOrPart(text: string): string {
  return text.startsWith("arn:") ? text : `*/${text}`;
}
