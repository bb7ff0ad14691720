export interface PaceOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Calls in a second. */
  readonly perSecond: number;
}

/** Spreads calls over time. */
export interface Pace {
  /** Waits until one call may be made. */
  begin(): Promise<void>;
  /** Counts calls that were made beyond the one that {@link begin} allowed: what comes next waits for them too. */
  charge(calls: number): void;
}

/** Lets the calls begin one after the other, each with its share of a second. */
export function createPace({ now, pause, perSecond }: PaceOptions): Pace {
  const share = 1000 / perSecond;
  let free = now();
  return {
    async begin() {
      const at = Math.max(free, now());
      free = at + share;
      const wait = at - now();
      if (wait > 0) await pause(wait);
    },
    charge(calls) {
      if (calls > 0) free = Math.max(free, now()) + calls * share;
    },
  };
}
