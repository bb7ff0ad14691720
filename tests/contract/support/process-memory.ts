import { readdir, readFile } from "node:fs/promises";

/** The most memory that a process of this machine has had resident so far, in bytes; it is known by an argument of it. */
export async function peakMemory(argument: string): Promise<number> {
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = await readOrNothing(`/proc/${pid}/cmdline`);
    if (!commandLine.split("\0").includes(argument)) continue;
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readOrNothing(`/proc/${pid}/status`))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  }
  throw new Error(`no process has the argument ${argument}`);
}

/** A process may end while it is looked at. */
function readOrNothing(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
