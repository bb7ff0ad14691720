import { createInterface } from "node:readline/promises";
import { UsageError } from "./exit-code";

export interface Confirmation {
  /** What is about to happen, and that it cannot be undone if so. */
  readonly question: string;
  /** What the person must type, letter for letter. */
  readonly expected: string;
  /** The option that stands for the answer where nobody can be asked, such as `--yes`. */
  readonly option: string;
}

/**
 * Asks the person at the terminal.
 *
 * @throws {@link UsageError} if the answer is another one, or if there is no terminal.
 */
export async function confirm({ question, expected, option }: Confirmation): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`${question}\nThere is no terminal to ask: add ${option}. Nothing was done.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question}\nType ${expected} to go on: `);
    if (answer.trim() !== expected) throw new UsageError("That was something else. Nothing was done.");
  } finally {
    terminal.close();
  }
}
