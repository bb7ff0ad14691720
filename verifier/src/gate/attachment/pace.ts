/**
 * The time from one UpdateService to the next. ECS allows five modifications of services a second in an account and
 * region, which deployments need as well (ECS API reference, "Request throttling").
 */
const BETWEEN_UPDATES_MS = 1000;

export interface PaceOptions {
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Lets one update a second begin: the result waits until it is time for the next. */
export function createPace({ now, pause }: PaceOptions): () => Promise<void> {
  let last: number | undefined;
  return async () => {
    const wait = last === undefined ? 0 : last + BETWEEN_UPDATES_MS - now();
    // A clock that was set back must not make it wait for long.
    if (wait > 0) await pause(Math.min(wait, BETWEEN_UPDATES_MS));
    last = now();
  };
}
