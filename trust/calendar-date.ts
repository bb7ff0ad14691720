const dayMilliseconds = 86_400_000;

function startOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`);
}

// The form in which the Pulumi CLI writes a date without quotes in a stack's file (its YAML reader, Go's time format).
const pulumiDate = /^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00 \+0000 UTC$/;

/**
 * A calendar date as YYYY-MM-DD, from such a text or from what YAML readers return for it: a Date at midnight UTC, or
 * Pulumi's form of that.
 */
export function parseCalendarDate(value: unknown): string | undefined {
  if (value instanceof Date) {
    const time = value.getTime();
    return Number.isNaN(time) || time % dayMilliseconds !== 0 ? undefined : parseCalendarDate(isoDay(value));
  }
  if (typeof value === "string" && pulumiDate.test(value)) return parseCalendarDate(value.slice(0, 10));
  if (typeof value !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return undefined;
  const start = startOfDay(value);
  // Date.parse turns 30 February into 2 March.
  return !Number.isNaN(start) && isoDay(new Date(start)) === value ? value : undefined;
}

function isoDay(date: Date): string {
  return date.toISOString().replace(/T.*$/, "");
}

/** Whether `now` is after the end of the day in UTC. An invalid `now` counts as past: default deny. */
export function isPast(date: string, now: Date): boolean {
  return !(now.getTime() < startOfDay(date) + dayMilliseconds);
}

/** Days from today, in UTC, until the date: 0 on the day itself, negative after it. */
export function daysUntil(date: string, now: Date): number {
  return (startOfDay(date) - startOfDay(isoDay(now))) / dayMilliseconds;
}
