import type { VerdictRecord } from "./record-schema";

/** The task that the canary starts. Its image is unsigned on purpose, so that its denial is no news for people. */
export interface CanaryTask {
  /** ARN of the canary's cluster. */
  readonly cluster: string;
  readonly digest: string;
}

/** The canary's task by the variables that name it; undefined if they are not set. */
export function canaryTask({
  CANARY_CLUSTER: cluster,
  CANARY_DIGEST: digest,
}: {
  readonly CANARY_CLUSTER?: string | undefined;
  readonly CANARY_DIGEST?: string | undefined;
}): CanaryTask | undefined {
  return cluster === undefined || digest === undefined ? undefined : { cluster, digest };
}

/** Whether an image runs in the canary's cluster and is its own. */
export function isCanaryImage(
  canary: CanaryTask | undefined,
  { cluster, digest }: { readonly cluster: string; readonly digest?: string | undefined },
): boolean {
  return canary !== undefined && cluster === canary.cluster && digest === canary.digest;
}

/** The responses that show that everything works, where the environment stops tasks and where it does not. */
const EXPECTED: ReadonlySet<VerdictRecord["response"]> = new Set([
  "audited",
  "alert-only",
  "stopped",
  "already-stopped",
]);

/**
 * Whether a record is about the canary's task, and as expected. By cluster, digest, code and response together: any other image in
 * that cluster, and any other outcome, is told like everywhere else.
 */
export function isCanary(
  canary: CanaryTask | undefined,
  { cluster, digest, code, response }: Pick<VerdictRecord, "cluster" | "digest" | "code" | "response">,
): boolean {
  return isCanaryImage(canary, { cluster, digest }) && code === "no-signature" && EXPECTED.has(response);
}
