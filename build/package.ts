import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../package-root";
import { bundleHandlers } from "./bundle";
import { copyGo } from "./copy-go";
import { buildGo, type GoPlatform, localRegistry, notationVerifier, signerPlugin } from "./go";
import { goNotices } from "./go-notices";
import { withoutTypeModifiers } from "./plain-declarations";

const run = promisify(execFile);

/** The folder of the npm package's code: a compiled copy of this tree, with the same files at the same places. */
const LIB = join(PACKAGE_ROOT, "lib");

/** The platforms that the package has programs for. */
export const PLATFORMS: readonly GoPlatform[] = [
  { os: "linux", processor: "amd64" },
  { os: "linux", processor: "arm64" },
  { os: "darwin", processor: "amd64" },
  { os: "darwin", processor: "arm64" },
];

/** The programs of the package: what verifies and signs, and the stand-ins of the playground. */
export const PROGRAMS = [notationVerifier, localRegistry, signerPlugin];

/** Files and folders that are needed as they are. */
const COPIED = [
  "cli/report/page/script.js",
  "cli/report/page/style.css",
  // The code reads the runbook, and files that init writes name the schemas. All of docs is beside lib, as README links there.
  "docs/image-verdict.schema.json",
  "docs/runbook.md",
  "docs/stack.schema.json",
  "docs/trust-document.schema.json",
  "plugin/PulumiPlugin.yaml",
  // The engine reads arguments and outputs from the source.
  "plugin/args.ts",
  "plugin/index.ts",
  "plugin/package.json",
  "plugin/tsconfig.json",
  "policy/PulumiPolicy.yaml",
  "trust/roots",
  "verifier/Dockerfile",
  "verifier/on-base.Dockerfile",
];

/** Builds `lib` anew, so that `npm pack` makes the package. */
export async function buildPackage({ platforms = PLATFORMS }: { readonly platforms?: readonly GoPlatform[] } = {}) {
  await rm(LIB, { recursive: true, force: true });
  await compile();
  for (const name of COPIED) await cp(join(PACKAGE_ROOT, name), join(LIB, name), { recursive: true });
  await copyPolicyManifest();
  // What the verifier's image is built from, together with the bundle.
  await copyGo(notationVerifier, LIB);
  await bundleHandlers({ folder: join(LIB, "verifier/dist") });
  for (const platform of platforms) await addPrograms(platform);
  await addNotices(platforms);
}

async function compile(): Promise<void> {
  const compiler = join(PACKAGE_ROOT, "node_modules/.bin/tsc");
  await run(compiler, ["--project", "tsconfig.lib.json"], { cwd: PACKAGE_ROOT });
  for (const name of await readdir(LIB, { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = join(LIB, name);
    await writeFile(file, withoutTypeModifiers(await readFile(file, "utf8")));
  }
}

/** The pack's own main file runs TypeScript; here it is compiled. */
async function copyPolicyManifest(): Promise<void> {
  const manifest = await readFile(join(PACKAGE_ROOT, "policy/package.json"), "utf8");
  await writeFile(join(LIB, "policy/package.json"), manifest.replace('"main": "main.js"', '"main": "index.js"'));
}

async function addPrograms(platform: GoPlatform): Promise<void> {
  const folder = join(LIB, "programs", `${platform.os}-${platform.processor}`);
  await mkdir(folder, { recursive: true });
  for (const program of PROGRAMS) await copyFile(await buildGo(program, platform), join(folder, program.name));
}

/** Of what is linked into the programs. */
async function addNotices(platforms: readonly GoPlatform[]): Promise<void> {
  const built = platforms.flatMap((platform) =>
    PROGRAMS.map((program) => ({
      program,
      executable: join(LIB, "programs", `${platform.os}-${platform.processor}`, program.name),
    })),
  );
  await writeFile(join(LIB, "programs/THIRD-PARTY-NOTICES"), await goNotices(built));
}
