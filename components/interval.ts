/** The most hours between two runs of what a schedule starts: alarms on runs that are missed look back over two. */
export const LONGEST_INTERVAL_HOURS = 24;

/** How many hours lie between two runs, unless told otherwise. */
export const DEFAULT_INTERVAL_HOURS = 6;

export function isInterval(hours: number): boolean {
  return Number.isInteger(hours) && hours >= 1 && hours <= LONGEST_INTERVAL_HOURS;
}

/** The expression of a schedule that runs every so many hours. */
export function hourlyRate(hours: number): string {
  return hours === 1 ? "rate(1 hour)" : `rate(${hours} hours)`;
}

/** The problem of a part whose `everyHours` is none. @param part The argument of `ImageVerification` that has it. */
export function intervalProblem(part: string, value: unknown) {
  return {
    setting: "everyHours",
    value,
    message: "is no time between two runs that is allowed",
    allowed: `a whole number from 1 to ${LONGEST_INTERVAL_HOURS}, in hours`,
    fix: `Set ${part}.everyHours to such a number.`,
  } as const;
}
