/**
 * Time that goes on only when all that can run has run: of calls that are made at the same time, all end together. So the
 * time that has passed is the longest chain of calls of which each had to wait for the one before.
 */
export interface VirtualTime {
  /** How much of it has passed. */
  now(): number;
  /** A call that takes 1. */
  call<T>(answer: T): Promise<T>;
}

export function virtualTime(): VirtualTime {
  let at = 0;
  let waiting: (() => void)[] = [];
  const goOn = () => {
    const ended = waiting;
    waiting = [];
    at += 1;
    for (const end of ended) end();
  };
  return {
    now: () => at,
    call: (answer) =>
      new Promise((resolve) => {
        // After all promises that can be settled are: only then is it known what is made at the same time.
        if (waiting.length === 0) setImmediate(goOn);
        waiting.push(() => resolve(answer));
      }),
  };
}
