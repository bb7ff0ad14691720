import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** A program of this project that runs until it is stopped. */
export interface RunningProgram {
  /** `127.0.0.1:PORT`, its address. */
  readonly address: string;
  /** Closes its standard input, which asks it to end; sends signals if it does not. Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** The whole environment of the program; default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Time limit until it is ready; default 10 s. */
  readonly readyWithinMs?: number;
}

const readyLine = z.object({ ready: z.literal(true), address: z.string() });
const patienceMs = 1000;

/**
 * Starts a program that prints `{"ready":true,"address":"127.0.0.1:PORT"}` as its first line once it listens.
 *
 * @throws Error with the program's standard error, when it ends or prints something else before it is ready.
 */
export async function startProgram(
  executable: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<RunningProgram> {
  const { env = process.env, readyWithinMs = 10_000 } = options;
  const child = spawn(executable, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  // A program that ends by itself closes its side first; that is not an error here.
  child.stdin.on("error", () => {});
  child.on("error", () => {});

  const lines = createInterface({ input: child.stdout });
  const waiting = new AbortController();
  try {
    const first = await Promise.race([
      once(lines, "line", { signal: waiting.signal }).then(([line]) => String(line)),
      ended(child, waiting.signal),
      sleep(readyWithinMs, undefined, { signal: waiting.signal }).then(() => {
        throw new Error(`it was not ready after ${readyWithinMs} ms`);
      }),
    ]);
    const address = parseReadyLine(first);
    child.stderr.removeAllListeners("data").resume();
    return { address, stop: () => stop(child) };
  } catch (error) {
    child.kill("SIGKILL");
    await stop(child);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${executable} did not start: ${reason}. Its standard error:\n${errors.join("") || "(empty)"}`);
  } finally {
    waiting.abort();
  }
}

/** Never resolves. */
async function ended(child: ChildProcess, signal: AbortSignal): Promise<never> {
  // `close` comes after the end of standard error; `error`, for a missing executable, rejects.
  const [code, killedBy] = await once(child, "close", { signal });
  throw new Error(killedBy ? `it was ended by ${killedBy}` : `it ended with exit code ${code}`);
}

function parseReadyLine(line: string): string {
  try {
    return readyLine.parse(JSON.parse(line)).address;
  } catch {
    throw new Error(`its first line was ${JSON.stringify(line)} instead of {"ready":true,"address":"host:port"}`);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (await endsWithin(child, patienceMs)) return;
    child.kill(signal);
  }
  await endsWithin(child, patienceMs);
}

async function endsWithin(child: ChildProcess, milliseconds: number): Promise<boolean> {
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  if (hasEnded()) return true;
  const giveUp = AbortSignal.timeout(milliseconds);
  await once(child, "exit", { signal: giveUp }).catch(() => undefined);
  return hasEnded();
}
