import { type CanaryTask, isCanaryImage } from "../../../verifier/src/reporting/canary";
import type { ReadRecord } from "../verdict-record";

/** The verdicts on what people run, and how many there were on the canary beside them. */
export interface WithoutCanary {
  readonly records: readonly ReadRecord[];
  /** Verdicts that were left out. */
  readonly canaryVerdicts: number;
}

/**
 * Leaves out the verdicts on the canary's own image in its own cluster: it is denied on purpose. Whatever else runs in that
 * cluster stays.
 *
 * @param canary undefined if there is none, or it is not known.
 */
export function leaveOutCanary(records: readonly ReadRecord[], canary: CanaryTask | undefined): WithoutCanary {
  const kept = records.filter(({ cluster, taskDefinition, digest, image }) => {
    // The first verdict on a task may come before ECS reports the digest, which is in the reference as well.
    return !isCanaryImage(canary, { cluster, taskDefinition, digest: digest ?? image.split("@")[1] });
  });
  return { records: kept, canaryVerdicts: records.length - kept.length };
}
