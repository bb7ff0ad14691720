import type { VerdictRecord } from "./record-schema";

/** The task that the canary starts. Its image is unsigned on purpose, so that its denial is no news for people. */
export interface CanaryTask {
  /** ARN of the canary's cluster. */
  readonly cluster: string;
  /** ARN of the revision of the sample's unsigned task definition. */
  readonly taskDefinition: string;
  readonly digest: string;
}

/** The canary's task by the variables that name it; undefined if they are not set. */
export function canaryTask({
  CANARY_CLUSTER: cluster,
  CANARY_TASK_DEFINITION: taskDefinition,
  CANARY_DIGEST: digest,
}: {
  readonly CANARY_CLUSTER?: string | undefined;
  readonly CANARY_TASK_DEFINITION?: string | undefined;
  readonly CANARY_DIGEST?: string | undefined;
}): CanaryTask | undefined {
  if (cluster === undefined || taskDefinition === undefined || digest === undefined) return undefined;
  return { cluster, taskDefinition, digest };
}

/** Whether a container is that of the canary's task: by cluster, task definition and digest together. */
export function isCanaryImage(
  canary: CanaryTask | undefined,
  place: { readonly cluster: string; readonly taskDefinition: string; readonly digest?: string | undefined },
): boolean {
  return (
    canary !== undefined &&
    place.cluster === canary.cluster &&
    place.taskDefinition === canary.taskDefinition &&
    place.digest === canary.digest
  );
}

/** The responses that show that everything works, where the environment stops tasks and where it does not. */
const EXPECTED: ReadonlySet<VerdictRecord["response"]> = new Set([
  "audited",
  "alert-only",
  "stopped",
  "already-stopped",
]);

/**
 * Whether a record is about the canary's task, and as expected. By its place, code and response together: any other task or
 * image in that cluster, and any other outcome, is told like everywhere else.
 */
export function isCanary(
  canary: CanaryTask | undefined,
  record: Pick<VerdictRecord, "cluster" | "taskDefinition" | "digest" | "code" | "response">,
): boolean {
  return isCanaryImage(canary, record) && record.code === "no-signature" && EXPECTED.has(record.response);
}
