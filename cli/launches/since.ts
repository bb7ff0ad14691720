import { InvalidArgumentError } from "commander";
import * as z from "zod";

const MILLISECONDS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

const isoTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/**
 * The time given by `--since`: a duration before now (`90s`, `30m`, `2h`, `7d`, `1w`), or an ISO 8601 time with its
 * offset; a day alone begins at midnight UTC.
 *
 * @throws InvalidArgumentError of commander, for anything else and for a time in the future.
 */
export function parseSince(text: string, now: Date = new Date()): Date {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[smhdw])$/.exec(text)?.groups ?? {};
  if (count !== undefined && unit !== undefined) {
    return new Date(Math.max(0, now.getTime() - Number(count) * (MILLISECONDS[unit] ?? 0)));
  }
  if (!isoTime.safeParse(text).success) {
    throw new InvalidArgumentError("It must be like 30m, 2h or 7d, or a time like 2026-06-15T12:00:00Z.");
  }
  const time = new Date(text);
  if (time > now) throw new InvalidArgumentError(`It must not be in the future; it is ${now.toISOString()} now.`);
  return time;
}
