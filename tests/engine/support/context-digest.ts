import { createHash } from "node:crypto";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/**
 * The digest of a build context by which the Docker provider tells whether it has changed: of the Dockerfile, and of the
 * path, the mode and the content of each file (pulumi-docker 4.11.2, `hashContext` in provider/provider.go).
 *
 * @throws Error for a `.dockerignore`, which the real one respects and this one does not play.
 */
export function contextDigest(context: string, dockerfile: string): string {
  if (existsSync(join(context, ".dockerignore"))) throw new Error("The stand-in for docker plays no .dockerignore.");
  const hash = createHash("sha256");
  const add = (name: string, mode: number, content: Buffer | string) =>
    hash.update(name).update(mode.toString(8)).update(createHash("sha256").update(content).digest()).update("\0");
  add("Dockerfile", 0, readFileSync(dockerfile));
  for (const path of filesIn(context)) {
    const file = join(context, path);
    const stats = lstatSync(file);
    add(path, stats.mode, stats.isSymbolicLink() ? realpathSync(file) : readFileSync(file));
  }
  return hash.digest("hex");
}

/** Everything but folders, by path. */
function filesIn(folder: string, inside = ""): readonly string[] {
  const entries = readdirSync(join(folder, inside), { withFileTypes: true });
  const sorted = entries.sort((one: Dirent, other: Dirent) => (one.name < other.name ? -1 : 1));
  return sorted.flatMap((entry) => {
    const path = join(inside, entry.name);
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
}
