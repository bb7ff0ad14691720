import { askLine } from "./ask-line";
import { UsageError } from "./errors";

export interface Confirmation {
  /** What is about to happen, including that it cannot be undone, if so. */
  readonly question: string;
  /** The exact text that the user must type. */
  readonly expected: string;
  /** The option that replaces the answer in non-interactive use, such as `--yes`. */
  readonly option: string;
}

/**
 * Asks the person at the terminal. Ctrl-C ends this process.
 *
 * @throws {@link UsageError} if the answer is wrong or missing, or if there is no terminal.
 */
export async function confirm({ question, expected, option }: Confirmation): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`${question}\nThere is no terminal to confirm this on: add ${option}. Nothing was done.`);
  }
  const answer = await askLine(`${question}\nType ${expected} to continue: `);
  if (answer === undefined) throw new UsageError("\nThere was no answer. Nothing was done.");
  if (answer.trim() !== expected) throw new UsageError("The answer did not match. Nothing was done.");
}
