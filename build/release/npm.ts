import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";

const run = promisify(execFile);

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  repository: z.looseObject({ url: z.string() }).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export async function readManifest(checkout: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(join(checkout, "package.json"), "utf8")));
}

/** Makes the tarball of the package as it is built. `prepack` would build it again. */
export async function packNpm(checkout: string, target: string): Promise<void> {
  await run("npm", ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", target], { cwd: checkout });
}

/** All packages of the lock file, those for development too, as a CycloneDX document. */
export async function npmSbom(checkout: string): Promise<unknown> {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--loglevel=error"];
  const { stdout } = await run("npm", args, { cwd: checkout, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

/** The packages of a bundle, `name@version`, by the notices that are made with it. */
export function packagesOfNotices(notices: string): readonly string[] {
  const [titles = ""] = notices.split(/^-{80}$/m);
  return [...titles.matchAll(/^ {2}(\S+) (\d\S*) \(/gm)].map(([, name, version]) => `${name}@${version}`);
}
