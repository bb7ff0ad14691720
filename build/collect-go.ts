import { spawn } from "node:child_process";

/** What a command did: its exit code, null after a signal, and all that it wrote. */
export interface Collected {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of Go without cgo. Rejects if it cannot be started, with code ENOENT if it is not installed. */
export function collectGo(
  command: string,
  args: readonly string[],
  { cwd, environment = {} }: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Collected> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, CGO_ENABLED: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code) => done({ code, output }));
  });
}
