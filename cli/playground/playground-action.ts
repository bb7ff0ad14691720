import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { localRegistry, notationVerifier, RequirementMissingError, signerPlugin } from "../../build/go";
import { isThere } from "../../build/program";
import { type Playground, startPlayground } from "../../local/playground/start";
import { findSignerPlugin } from "../images/signer-plugin";
import { CommandFailedError, InterruptedError } from "../lib/errors";
import { endOfHangUp } from "../lib/hang-up";
import { playgroundJson, playgroundText } from "./playground-text";

/** Starts the playground, prints what is in it, and stays until a signal comes. */
export async function playground({ json }: { readonly json?: true }): Promise<void> {
  if (process.env.SIGNER_PLUGIN) findSignerPlugin(undefined, process.env);
  const signal = endingSignal();
  await sayWhatTakesLong();
  let started: Playground;
  try {
    started = await startPlayground(binFolder(), signal);
  } catch (error) {
    // What is interrupted fails in many ways.
    if (signal.aborted) throw new InterruptedError("Interrupted. Nothing is left of the playground.");
    if (error instanceof RequirementMissingError) throw new CommandFailedError(error.message, { cause: error });
    throw error;
  }
  try {
    process.stdout.write(`${json ? playgroundJson(started) : playgroundText(started)}\n`);
    await aborted(signal);
  } finally {
    await started.close();
  }
  // A terminal shows ^C at the beginning of the line.
  const start = process.stderr.isTTY ? "\n" : "";
  process.stderr.write(`${start}The playground has ended, and nothing is left of it.\n`);
}

/**
 * Aborted by Ctrl-C, SIGTERM and SIGHUP, when the terminal is closed. All of them are heard until the process ends: a Ctrl-C comes several times, from the terminal
 * and from npm, and must not end it while it cleans up, which is short.
 */
function endingSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const usual = process.rawListeners(name);
    process.on(name, () => {
      if (name === "SIGHUP") endOfHangUp();
      controller.abort();
    });
    // Last, so that no signal comes in between.
    for (const listener of usual) process.removeListener(name, listener as () => void);
  }
  return controller.signal;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

async function sayWhatTakesLong(): Promise<void> {
  for (const program of [notationVerifier, signerPlugin, localRegistry]) {
    if (await isThere(program).catch(() => true)) continue;
    process.stderr.write("Building the programs of the playground, once: this takes a minute or two.\n");
    return;
  }
}

/** Where this command line was started from: the shell of the playground finds it there. */
function binFolder(): string {
  const [, script = __filename] = process.argv;
  return dirname(realpathSync(script));
}
