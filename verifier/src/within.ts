import { setTimeout as sleep } from "node:timers/promises";

/**
 * What some work comes to, or undefined if it takes longer: it goes on, and its result is not used.
 *
 * @param limitMs In milliseconds. If nothing is left, only what is there already counts.
 * @throws what the work throws within that time.
 */
export async function within<Result>(work: Promise<Result>, limitMs: number): Promise<Result | undefined> {
  // It may fail when nobody waits for it any more.
  work.catch(() => {});
  const timer = new AbortController();
  const limit = sleep(Math.max(0, limitMs), undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    timer.abort();
  }
}
