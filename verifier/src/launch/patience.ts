import { setTimeout as sleep } from "node:timers/promises";
import type { LaunchVerdict } from "../launch-verdict";

/** How long is waited before judging an inconclusive launch again within one invocation, in milliseconds. */
const PAUSES_MS = [1000, 4000];

/**
 * Judges, and judges again what stayed inconclusive, as long as the invocation's time allows. What is settled comes from
 * the verdict cache.
 *
 * @param remainingMs how much time the invocation has left.
 * @param verificationMs how long one verification may take.
 */
export async function judgePatiently(
  judge: () => Promise<LaunchVerdict>,
  remainingMs: () => number,
  verificationMs: number,
): Promise<LaunchVerdict> {
  let verdict = await judge();
  for (const pause of PAUSES_MS) {
    const settled = verdict.containers.every((container) => container.verdict.status !== "inconclusive");
    // Two verifications' time is left for the response and the records.
    if (settled || remainingMs() < pause + 2 * verificationMs) break;
    await sleep(pause);
    verdict = await judge();
  }
  return verdict;
}
