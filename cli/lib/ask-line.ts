import { createInterface } from "node:readline";
import { EXIT } from "./exit-code";

/**
 * Asks the person at the terminal, on standard error, and gives the line that is typed; undefined if the input ends first.
 * Ctrl-C ends this process: whoever asks has done nothing yet.
 */
export async function askLine(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      terminal.question(question, resolve);
      // Without these, the process would stop waiting for the answer and exit as if it had succeeded.
      terminal.once("close", () => resolve(undefined));
      terminal.once("SIGINT", () => {
        process.stderr.write("\nNothing was done.\n");
        process.exit(EXIT.interrupted);
      });
    });
  } finally {
    terminal.close();
  }
}
