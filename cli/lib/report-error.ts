import { CommanderError } from "commander";
import { FixableError } from "../../trust/text/fixable-error";
import { EXIT, EXIT_OF_FAULT } from "./exit-code";

/** Prints an error for people and returns its exit code. */
export function reportError(error: unknown): number {
  // Commander has already printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof FixableError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT_OF_FAULT[error.fault];
  }
  process.stderr.write(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return EXIT.inconclusive;
}
