import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type BuildResult, build } from "esbuild";
import * as z from "zod";
import { PACKAGE_ROOT } from "../package-root";
import { copyGo } from "./copy-go";
import { notationVerifier } from "./go";
import { listPackages, thirdPartyNotices } from "./notices";

const run = promisify(execFile);

/** Packages that Pulumi's policy host and the pack must share. They are installed beside the pack instead of bundled. */
const SHARED = ["@pulumi/policy", "@pulumi/pulumi"];

/** Files of the checkout that are copied into the pack, by their names there. */
const COPIED: Readonly<Record<string, string>> = {
  "PulumiPolicy.yaml": "policy/PulumiPolicy.yaml",
  "README.md": "build/policy-pack-readme.md",
  "docs/policy.md": "docs/policy.md",
  LICENSE: "LICENSE",
};

/** Folders of the pack that are replaced as a whole. Other files there, such as a trust document, are kept. */
const FOLDERS = ["docs", "trust/roots", "verifier"];

const manifestSchema = z.looseObject({
  version: z.string(),
  engines: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

export interface StandalonePack {
  /** The folder of the pack: `pulumi policy publish` and `--policy-pack` take it once its dependencies are installed. */
  readonly folder: string;
  /** The tarball that `npm pack` makes of the folder. */
  readonly tarball: string;
}

/** Builds the policy pack so that it does not need the checkout, in `dist` unless another folder is given. */
export async function packPolicies(options: { readonly folder?: string } = {}): Promise<StandalonePack> {
  const target = options.folder ?? join(PACKAGE_ROOT, "dist");
  const folder = join(target, "policy-pack");
  await Promise.all(FOLDERS.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  for (const [name, contents] of Object.entries(await filesOfPack())) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  // The machine that uses the pack builds it.
  await copyGo(notationVerifier, folder);
  const { stdout } = await run("npm", ["pack", "--loglevel=error", "--pack-destination", target], { cwd: folder });
  return { folder, tarball: join(target, stdout.trim()) };
}

async function filesOfPack(): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const bundle = await bundled();
  const outputs = bundle.outputFiles;
  const legal = outputs.filter(({ path }) => path.endsWith(".LEGAL.txt")).map(({ text }) => text);
  const roots = await readdir(join(PACKAGE_ROOT, "trust/roots"));
  const copied = {
    ...COPIED,
    ...Object.fromEntries(roots.map((name) => [`trust/roots/${name}`, `trust/roots/${name}`])),
  };
  const texts = await Promise.all(
    Object.entries(copied).map(async ([name, from]) => [name, await readFile(join(PACKAGE_ROOT, from))] as const),
  );
  return {
    ...Object.fromEntries(
      outputs.filter(({ path }) => path.endsWith(".js")).map((file) => [basename(file.path), file.contents]),
    ),
    ...Object.fromEntries(texts),
    "package.json": `${JSON.stringify(await makeManifest(bundle), null, 2)}\n`,
    "THIRD-PARTY-NOTICES": await thirdPartyNotices(listPackages(bundle.metafile, PACKAGE_ROOT), legal),
  };
}

type Bundle = BuildResult<{ write: false; metafile: true }>;

/** Bundles the policies. Not minified, so that people who must trust the pack can read it. */
function bundled(): Promise<Bundle> {
  return build({
    absWorkingDir: PACKAGE_ROOT,
    entryPoints: { main: "policy/index.ts" },
    outdir: ".",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    charset: "utf8",
    external: SHARED,
    legalComments: "external",
    preserveSymlinks: true,
    logLevel: "silent",
  });
}

/** The manifest of `policy/`, with this project's version and the bundle's external packages, as this project pins them. */
async function makeManifest({ metafile }: Bundle): Promise<object> {
  const project = manifestSchema.parse(JSON.parse(await readFile(join(PACKAGE_ROOT, "package.json"), "utf8")));
  const own: unknown = JSON.parse(await readFile(join(PACKAGE_ROOT, "policy/package.json"), "utf8"));
  const asked = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const dependencies = SHARED.filter((name) => asked.some((path) => path === name || path.startsWith(`${name}/`)));
  return {
    ...z.record(z.string(), z.unknown()).parse(own),
    version: project.version,
    engines: project.engines,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, project.devDependencies[name]])),
  };
}
