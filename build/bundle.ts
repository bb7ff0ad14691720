import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type BuildOptions, build, type OutputFile } from "esbuild";
import { PACKAGE_ROOT } from "../package-root";
import { listPackages, thirdPartyNotices } from "./notices";

/** The result of `bundleHandlers`. */
export interface Bundle {
  /** The folder: `verifier/dist` of the checkout, unless another was given. */
  readonly folder: string;
  /** Size of each file, in bytes, by file name. */
  readonly bytes: Readonly<Record<string, number>>;
}

export interface BundleOptions {
  /** Root of the checkout. */
  readonly checkout?: string;
  /** Where to write. Default: `verifier/dist`. */
  readonly folder?: string;
}

const HANDLERS = "verifier/src/handlers";
/** Runs while the image is built, and is not part of the image. */
const CHECK = "verifier/src/image/check-settings-main.ts";
const OUTPUT = "verifier/dist";

/**
 * Bundles each Lambda handler into one file with a source map, and collects the licences of the bundled packages in
 * `THIRD-PARTY-NOTICES`. The same sources give the same bytes in every checkout.
 */
export async function bundleHandlers(options: BundleOptions = {}): Promise<Bundle> {
  const { checkout = PACKAGE_ROOT } = options;
  const { folder = join(checkout, OUTPUT) } = options;
  const entries = (await readdir(join(checkout, HANDLERS))).filter((name) => name.endsWith(".ts")).sort();

  const handlers = await build({
    ...common(checkout),
    entryPoints: entries.map((name) => `${HANDLERS}/${name}`),
    sourcemap: "linked",
    // The map is only for line numbers in stack traces; it needs no sources.
    sourcesContent: false,
    // So that stack traces show paths from the root of the repository.
    sourceRoot: "/ecs-image-verification/",
    legalComments: "external",
  });
  const check = await build({ ...common(checkout), entryPoints: { "check-settings": CHECK }, legalComments: "none" });

  const legal = handlers.outputFiles.filter(isLegal).map(({ text }) => text);
  const notices = await thirdPartyNotices(listPackages(handlers.metafile, checkout), legal);
  const files: Readonly<Record<string, Uint8Array>> = {
    ...listContents(handlers.outputFiles.filter((file) => !isLegal(file))),
    ...listContents(check.outputFiles),
    "THIRD-PARTY-NOTICES": Buffer.from(notices),
  };
  await replaceFiles(folder, files);
  return { folder, bytes: Object.fromEntries(Object.entries(files).map(([name, { length }]) => [name, length])) };
}

function common(checkout: string) {
  return {
    absWorkingDir: checkout,
    // Nothing is written there; it makes the paths in source maps relative to the root of the checkout.
    outdir: ".",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    // ES modules first: only of those does the bundler leave out what is not used, such as the other calls of an AWS client.
    mainFields: ["module", "main"],
    target: "node24",
    format: "cjs",
    minify: true,
    charset: "utf8",
    // A linked node_modules must not bring the path of its target into the output.
    preserveSymlinks: true,
    logLevel: "silent",
  } as const satisfies BuildOptions;
}

function isLegal({ path }: OutputFile): boolean {
  return path.endsWith(".LEGAL.txt");
}

function listContents(files: readonly OutputFile[]): Record<string, Uint8Array> {
  return Object.fromEntries(files.map(({ path, contents }) => [basename(path), contents]));
}

/** Writes the files and removes everything else, so that no old file gets into an image. */
async function replaceFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) {
    const file = join(folder, name);
    const before = await readFile(file).catch(() => undefined);
    if (before === undefined || Buffer.compare(before, contents) !== 0) await writeFile(file, contents);
  }
  for (const name of await readdir(folder)) {
    if (!(name in files)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
