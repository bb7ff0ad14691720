import { setTimeout as sleep } from "node:timers/promises";

/** The time of day, and waiting. */
export interface Clock {
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for this many milliseconds; rejects at the signal. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

export const realClock: Clock = {
  now: Date.now,
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};
