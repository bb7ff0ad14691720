/** A clock that stands still unless it is told to go on. */
export interface TestClock {
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Goes on by so many milliseconds, at once. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

export function testClock(start: Date): TestClock {
  let at = start.getTime();
  return {
    now: () => at,
    pass: async (milliseconds) => {
      at += milliseconds;
    },
  };
}
