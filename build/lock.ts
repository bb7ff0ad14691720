import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** From this age on, in milliseconds, a lock is stale even if a process has its number. The longest build takes minutes. */
const LEFT_OVER_MS = 20 * 60_000;
/** How long a process may take to write its process ID into its lock, in milliseconds. */
const NUMBER_MS = 10_000;
const POLL_MS = 200;

/**
 * Does `work` while no other process of this machine holds the same lock. The lock is a folder with the process ID of its
 * holder, so that the lock of an ended process can be removed. Nobody waits for it once `signal` is aborted.
 */
export async function underLock<Result>(
  lock: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  while (!(await taken(lock))) {
    signal?.throwIfAborted();
    if (await isLeftOver(lock)) await rm(lock, { recursive: true, force: true });
    else await sleep(POLL_MS);
  }
  try {
    await writeFile(processFile(lock), String(process.pid));
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

function processFile(lock: string): string {
  return join(lock, "pid");
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isLeftOver(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  if (found === undefined) return false;
  const age = Date.now() - found.mtimeMs;
  const pid = await readFile(processFile(lock), "utf8").catch(() => "");
  return age > LEFT_OVER_MS || (pid === "" ? age > NUMBER_MS : !isAlive(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
