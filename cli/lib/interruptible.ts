import { endOfHangUp } from "./hang-up";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that has to clean up after itself: the first Ctrl-C, SIGTERM or SIGHUP (the terminal was closed) aborts its
 * AbortSignal instead of ending this process; the second ends it as usual. The abort reason is the name of the signal.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const usual = SIGNALS.map((name) => ({ name, listeners: process.rawListeners(name) }));
  const restore = () => {
    for (const { name, listeners } of usual) {
      process.removeListener(name, interrupt);
      for (const listener of listeners) {
        if (!process.rawListeners(name).includes(listener)) process.on(name, listener as () => void);
      }
    }
  };
  function interrupt(name: NodeJS.Signals): void {
    restore();
    if (name === "SIGHUP") endOfHangUp();
    controller.abort(name);
  }
  for (const { name } of usual) process.removeAllListeners(name).on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    restore();
  }
}
