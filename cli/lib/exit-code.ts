import type { Fault } from "../../trust/text/fixable-error";
import type { Status } from "../../verifier/src/verification/verdict";

/** The exit codes of the command line. */
export const EXIT = {
  /** Done; every image is trusted or exempt. */
  trusted: 0,
  /** The answer is no: an image is denied, or a policy is violated. */
  denied: 1,
  /** Nothing is denied, but something could not be determined; or the command failed. */
  inconclusive: 2,
  /** The command line or one of its files is invalid (EX_USAGE of sysexits.h). */
  usage: 64,
  /** Another update is in progress: try again later (EX_TEMPFAIL). */
  later: 75,
  /** Ended by Ctrl-C or a signal. */
  interrupted: 130,
} as const;

/** The same for people. Each command documents which exit codes it uses and what they mean. */
export const EXIT_CODES: readonly string[] = [
  `${EXIT.trusted} done; the answer is yes: every image is trusted or exempt`,
  `${EXIT.denied} the answer is no: an image is denied, a policy is violated, a document has problems`,
  `${EXIT.inconclusive} something could not be determined, or the command failed`,
  `${EXIT.usage} the call or one of its files cannot be used; nothing was done`,
  `${EXIT.later} another update is in progress; try again later`,
  `${EXIT.interrupted} interrupted`,
];

/** The combined exit code for the statuses of several images. */
export function toExitCode(statuses: readonly Status[]): number {
  if (statuses.includes("denied")) return EXIT.denied;
  return statuses.includes("inconclusive") ? EXIT.inconclusive : EXIT.trusted;
}

/** The exit code for an error that stopped a command. */
export const EXIT_OF_FAULT: Readonly<Record<Fault, number>> = {
  input: EXIT.usage,
  answer: EXIT.denied,
  busy: EXIT.later,
  cancelled: EXIT.interrupted,
  failure: EXIT.inconclusive,
};
