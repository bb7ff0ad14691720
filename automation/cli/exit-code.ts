import type { Status } from "../../verifier/src/verdict";

/** What the command line answers with. */
export const EXIT = {
  /** Everything is trusted or exempt. */
  trusted: 0,
  /** Something is denied. */
  denied: 1,
  /** Nothing is denied, but something could not be told; or the work could not be done at all. */
  inconclusive: 2,
  /** The call or one of its files cannot be used (EX_USAGE of sysexits.h). */
  usage: 64,
} as const;

/** The exit code that the statuses of several images add up to. */
export function exitCodeOf(statuses: readonly Status[]): number {
  if (statuses.includes("denied")) return EXIT.denied;
  return statuses.includes("inconclusive") ? EXIT.inconclusive : EXIT.trusted;
}

/** The call cannot be understood or one of its files cannot be used. The message says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
