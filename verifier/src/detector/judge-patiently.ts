import type { LaunchVerdict } from "../ecs/launch-verdict";

/** How long is waited before judging an inconclusive launch again within one invocation, in milliseconds. */
const PAUSES_MS = [1000, 4000];

export interface Patience {
  /** How much time the invocation has left, in milliseconds. */
  readonly remainingMs: () => number;
  /** How long one verification may take, in milliseconds. */
  readonly verificationMs: number;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Whether something is due at once, whatever the containers that are still open come to. */
  readonly isDue: (verdict: LaunchVerdict) => boolean;
}

/**
 * Judges, and judges again what stayed inconclusive, as long as the invocation's time allows. What is settled comes from
 * the verdict cache. A denial does not wait: a container beside it whose registry does not answer could delay its stop.
 */
export async function judgePatiently(
  judge: () => Promise<LaunchVerdict>,
  { remainingMs, verificationMs, pause, isDue }: Patience,
): Promise<LaunchVerdict> {
  let verdict = await judge();
  for (const milliseconds of PAUSES_MS) {
    const settled = verdict.containers.every((container) => container.verdict.status !== "inconclusive");
    // Two verifications' time: one to judge, one that is left for the response and the records.
    if (settled || isDue(verdict) || remainingMs() < milliseconds + 2 * verificationMs) break;
    await pause(milliseconds);
    verdict = await judge();
  }
  return verdict;
}
