import { interruptible } from "../cli/lib/interruptible";

/**
 * npm forwards Ctrl-C to the program that it runs, which has already received it from the terminal (npm's run-script): a signal
 * within this time after the first one, in milliseconds, is the same one.
 */
const SAME_MS = 2000;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let interruptedAt = Number.NEGATIVE_INFINITY;

/** From now on a signal ends this process normally: exit handlers run, such as the removal of folders. */
export function endAtSignals(): void {
  for (const [name, code] of Object.entries(EXIT_CODES)) {
    process.on(name, () => {
      if (Date.now() - interruptedAt > SAME_MS) process.exit(code);
    });
  }
}

/** Runs work that removes its resources after the first Ctrl-C; the second ends this process. */
export async function takenDownAtInterrupt(
  work: (signal: AbortSignal) => Promise<void>,
  tell: (text: string) => void,
): Promise<void> {
  await interruptible((signal) => {
    signal.addEventListener("abort", () => {
      interruptedAt = Date.now();
      tell("\nInterrupted: what was created is being removed. A second Ctrl-C leaves it.");
    });
    return work(signal);
  });
}
