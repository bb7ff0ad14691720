import { InvalidArgumentError } from "commander";
import * as z from "zod";

const moment = z.iso.datetime({ offset: true });

/**
 * The time given by `--effective-time`, in whole seconds like AWS Signer's signing times. AWS Signer accepts no time
 * in the future.
 *
 * @throws InvalidArgumentError of commander
 */
export function parseEffectiveTime(text: string, now: Date = new Date()): Date {
  const time = new Date(text);
  if (!moment.safeParse(text).success || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError("It must be a time with its offset, such as 2026-06-15T12:00:00Z.");
  }
  if (time > now) throw new InvalidArgumentError(`It must not be in the future; it is ${now.toISOString()} now.`);
  return wholeSeconds(time);
}

/** Without the fraction of a second. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
