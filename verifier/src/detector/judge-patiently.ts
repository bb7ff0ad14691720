import type { LaunchVerdict } from "../ecs/launch-verdict";

/** Waiting time before an inconclusive launch is judged again within one invocation, in milliseconds. */
const PAUSES_MS = [1000, 4000];

export interface Patience {
  /** The time that the invocation has left, in milliseconds. */
  readonly remainingMs: () => number;
  /** Time limit of one verification, in milliseconds. */
  readonly verificationMs: number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Whether an action is required at once, whatever the verdicts on the remaining containers are. */
  readonly isDue: (verdict: LaunchVerdict) => boolean;
}

/**
 * Judges, and judges inconclusive containers again as long as the invocation's time allows. Final verdicts come from
 * the verdict cache. A denial does not wait: a second container whose registry does not answer could delay the stop.
 */
export async function judgePatiently(
  judge: () => Promise<LaunchVerdict>,
  { remainingMs, verificationMs, pause, isDue }: Patience,
): Promise<LaunchVerdict> {
  let verdict = await judge();
  for (const milliseconds of PAUSES_MS) {
    const settled = verdict.containers.every((container) => container.verdict.status !== "inconclusive");
    // Time for two verifications: one to judge, one reserved for the response and the records.
    if (settled || isDue(verdict) || remainingMs() < milliseconds + 2 * verificationMs) break;
    await pause(milliseconds);
    verdict = await judge();
  }
  return verdict;
}
