import { chmod, cp, readdir, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

const CHECKOUT = resolve(__dirname, "../../..");
/** What a clone does not have, and what the program does not need. */
const LEFT = new Set([".git", ".ecs-image-verification", "node_modules", "dist", "tests", "docs"]);

/** Copies a checkout, with the file modes that `git clone` gives under a umask. The packages are those of this checkout. */
export async function cloneOf(from: string, to: string, umask: number): Promise<void> {
  await cp(from, to, { recursive: true, filter: (source) => source === from || !LEFT.has(basename(source)) });
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), (entry.isDirectory() ? 0o777 : 0o666) & ~umask);
  }
  await symlink(join(CHECKOUT, "node_modules"), join(to, "node_modules"));
}
