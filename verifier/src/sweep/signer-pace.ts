import type { Judge } from "../verification/judge";
import type { Pace } from "./pace";

/**
 * Calls of AWS Signer that scans and sweeps together make in a second: a fifth of what an account may make in a region (AWS
 * Signer endpoints and quotas: 100 GetRevocationStatus a second), so that launches and deployments are never throttled by them.
 */
const SIGNER_CALLS_PER_SECOND = 20;

/** The half of it that a scan keeps to. */
export const SCAN_CALLS_PER_SECOND = SIGNER_CALLS_PER_SECOND / 2;

/** Workers of a sweep at a time: Lambda's minimum for a queue. */
export const SWEEP_WORKERS = 2;

/** What each worker of a sweep keeps to: together the other half. */
export const WORKER_CALLS_PER_SECOND = SIGNER_CALLS_PER_SECOND / 2 / SWEEP_WORKERS;

/**
 * A judge that keeps to the pace. A verification asks Signer about one signature for each signer that is required; it asks
 * about more only where a trusted profile has signed the same image several times, which is not counted.
 */
export function paceJudge(judge: Judge, pace: Pace): Judge {
  return async (subject) => {
    if (subject.kind !== "image") return judge(subject);
    await pace.begin();
    const verdict = await judge(subject);
    pace.charge((verdict.counted?.length ?? 1) - 1);
    return verdict;
  };
}
