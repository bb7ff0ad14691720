import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { withoutUndefined } from "../../trust/text/without-undefined";

/** How a program is called. */
export interface ProgramCall {
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Standard input. Default: none. */
  readonly input?: string | undefined;
  /** After so many milliseconds it is ended. Default: never. */
  readonly limitMs?: number | undefined;
}

/** What became of a program. */
export type ProgramOutcome =
  | { readonly kind: "ended"; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  /** There is no such program. */
  | { readonly kind: "missing" }
  /** It cannot be started: the code of the error, such as EACCES. */
  | { readonly kind: "refused"; readonly why: string }
  /** It was ended after its time limit. */
  | { readonly kind: "late" };

/** Runs a program and collects what it writes. It ends with this process. */
export async function runProgram(
  program: string,
  { args, cwd, env = process.env, input, limitMs }: ProgramCall,
): Promise<ProgramOutcome> {
  const child = spawn(program, args, { ...withoutUndefined({ cwd }), env, stdio: ["pipe", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  // A signal ends this process with process.exit, which would leave the child running.
  process.once("exit", kill);
  let isLate = false;
  const limit =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          kill();
          // A grandchild may hold the pipes open.
          child.stdout.destroy();
          child.stderr.destroy();
        }, limitMs);
  // It may end without reading its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const read = (stream: NodeJS.ReadableStream) => text(stream).catch(() => "");
  const ended = once(child, "close").catch((error: Error) => [error] as const);
  try {
    const [stdout, stderr, [outcome]] = await Promise.all([read(child.stdout), read(child.stderr), ended]);
    if (isLate) return { kind: "late" };
    if (!(outcome instanceof Error)) {
      return { kind: "ended", code: typeof outcome === "number" ? outcome : null, stdout, stderr };
    }
    const code = "code" in outcome ? String(outcome.code) : outcome.message;
    return code === "ENOENT" ? { kind: "missing" } : { kind: "refused", why: code };
  } finally {
    clearTimeout(limit);
    process.off("exit", kill);
  }
}
