import { stripVTControlCharacters } from "node:util";
import { call } from "../../../cli/main";

/** How a command ended, and what it wrote. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Calls the command line in this process, in a folder, and without a region in the environment: a process of its own for
 * each call would take most of the time of the tests.
 */
export async function callHere(folder: string, ...words: readonly string[]): Promise<Answer> {
  const written = { stdout: "", stderr: "" };
  const before = { folder: process.cwd(), code: process.exitCode, env: process.env };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...env } = process.env;
  try {
    process.chdir(folder);
    process.env = env;
    process.exitCode = 0;
    for (const stream of ["stdout", "stderr"] as const) {
      process[stream].write = (text: string | Uint8Array) => {
        // The tests may run on a terminal, where there are colours.
        written[stream] += stripVTControlCharacters(String(text));
        return true;
      };
    }
    await call(words);
    return { code: Number(process.exitCode), ...written };
  } finally {
    process.stdout.write = writes.stdout;
    process.stderr.write = writes.stderr;
    process.exitCode = before.code;
    process.env = before.env;
    process.chdir(before.folder);
  }
}
