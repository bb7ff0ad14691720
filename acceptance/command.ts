import { spawn } from "node:child_process";
import { once } from "node:events";

export interface CommandOptions {
  readonly folder: string;
  readonly variables?: NodeJS.ProcessEnv;
  /** Default: nothing. */
  readonly input?: string;
  /** Interrupts the command like Ctrl-C, so that it can clean up. */
  readonly signal?: AbortSignal;
  /** Called with each line of its standard error as it arrives. */
  readonly note?: (line: string) => void;
}

/** How a command ended. */
export interface CommandResult {
  /** Null if it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in its own process group, so that Ctrl-C on the terminal reaches it only once, through the signal.
 *
 * @throws Error if it cannot be started.
 */
export async function runCommand(
  [file = "", ...args]: readonly string[],
  { folder, variables = process.env, input = "", signal, note }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(file, args, { cwd: folder, env: variables, stdio: "pipe", detached: true });
  const interrupt = () => void child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt);
  const said = { stdout: "", stderr: "" };
  let line = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
    const [last = "", ...lines] = `${line}${text}`.split("\n").reverse();
    line = last;
    for (const whole of lines.reverse()) note?.(whole);
  });
  // A command that ends early does not read its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  if (signal?.aborted) interrupt();
  try {
    const [code] = await once(child, "close");
    if (line !== "") note?.(line);
    return { code: typeof code === "number" ? code : null, ...said };
  } catch (error) {
    throw new Error(`${file} cannot be run: ${error instanceof Error ? error.message : error}`);
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

/**
 * Runs a command that must exit with 0 and returns its standard output.
 *
 * @throws Error with the last lines of its standard error.
 */
export async function runOrThrow(command: readonly string[], options: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, options);
  if (code === 0) return stdout;
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  throw new Error(`\`${command.slice(0, 3).join(" ")}\` ended with ${code ?? "a signal"}: ${said}`);
}
