import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goSources } from "../../build/go";
import { IS_COMPILED, PACKAGE_ROOT } from "../../package-root";
import { type StagedFiles, stageFiles } from "./staging";

/** The build context of the verifier's image. */
export interface VerifierSource {
  /** The folder with the Dockerfile, relative to the folder that the program runs in. */
  readonly context: string;
  /** SHA-256 of the files in it, in hex. */
  readonly contentHash: string;
}

const VERIFIER = join(PACKAGE_ROOT, "verifier");

/**
 * Bundles the handlers and stages the build context below the project that runs Pulumi. The folder's name
 * is derived from its content and its file modes are fixed, so that the Docker provider sees no difference between two
 * machines (pulumi-docker 4.11.2 compares `context` as text, and hashes paths, contents and modes).
 *
 * @param project The folder that the program and the providers run in.
 */
export async function prepareVerifierSource(project: string = process.cwd()): Promise<VerifierSource> {
  const files = await contextFiles();
  const contentHash = hashFiles(files);
  return { context: await stageFiles(project, `context-${contentHash.slice(0, 32)}`, files), contentHash };
}

/** The same for an image on a base image: a Dockerfile, and nothing to copy. */
export async function prepareOnBaseSource(project: string = process.cwd()): Promise<VerifierSource> {
  const files = new Map([["Dockerfile", await readFile(join(VERIFIER, "on-base.Dockerfile"))]]);
  const contentHash = hashFiles(files);
  return { context: await stageFiles(project, `on-base-${contentHash.slice(0, 32)}`, files), contentHash };
}

/** The Dockerfile and the files that it copies: the Go module without its tests, and the bundle. */
async function contextFiles(): Promise<StagedFiles> {
  const files = new Map<string, Buffer>([["Dockerfile", await readFile(join(VERIFIER, "Dockerfile"))]]);
  for (const name of await goSources(join(VERIFIER, "notation"))) {
    files.set(`notation/${name}`, await readFile(join(VERIFIER, "notation", name)));
  }
  for (const [name, content] of await bundledHandlers()) files.set(`dist/${name}`, content);
  return files;
}

/** The bundle: the package's own, or in the checkout a new one of its sources. */
async function bundledHandlers(): Promise<StagedFiles> {
  if (IS_COMPILED) return readFiles(join(VERIFIER, "dist"));
  // Loaded here, since the package has no bundler.
  const { bundleHandlers } = require("../../build/bundle") as typeof import("../../build/bundle");
  // A new folder each time, since two stacks may be deployed at the same time.
  const folder = await mkdtemp(join(tmpdir(), "ecs-image-verification-bundle-"));
  try {
    await bundleHandlers({ folder });
    return await readFiles(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readFiles(folder: string): Promise<StagedFiles> {
  const names = await readdir(folder);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

/** SHA-256 of names and contents, in hex. */
export function hashFiles(files: StagedFiles): string {
  const hash = createHash("sha256");
  for (const [name, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** The tag of an image: a hash of its build context, arguments and platform. A return to earlier settings reuses the tag. */
export function imageTag(contentHash: string, args: Readonly<Record<string, string>>, platform: string): string {
  const sorted = Object.entries(args).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([contentHash, platform, sorted]))
    .digest("hex")
    .slice(0, 32);
}
