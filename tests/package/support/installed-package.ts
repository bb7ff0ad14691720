import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPackage } from "../../../build/package";
import * as manifest from "../../../package.json";
import { PACKAGE_ROOT } from "../../../package-root";

const run = promisify(execFile);

/** The package in a project of its own, as `npm install` puts it there from the tarball. */
export interface InstalledPackage {
  /** Folder of the project. */
  readonly project: string;
  /** Folder of the package. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** What the project that `pulumi new aws-typescript` makes asks for, in the versions that this repository is tested with. */
const { "@pulumi/pulumi": pulumi, "@pulumi/aws": aws } = manifest.devDependencies;
const ASKED = {
  dependencies: { "@pulumi/pulumi": pulumi, "@pulumi/aws": aws },
  devDependencies: { "@types/node": manifest.devDependencies["@types/node"], typescript: "5.9.3" },
};

/** Its tsconfig.json: the old module resolution, and declarations of packages are checked. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

/** Builds the package with the programs of this machine, packs it, and installs the tarball. */
export async function installPackage(): Promise<InstalledPackage> {
  const processor = process.arch === "x64" ? "amd64" : "arm64";
  const os = process.platform === "darwin" ? "darwin" : "linux";
  await buildPackage({ platforms: [{ os, processor }] });
  const project = await mkdtemp(join(tmpdir(), "package-"));
  const npm = async (...args: readonly string[]) => {
    const { stdout } = await run("npm", [...args], { cwd: project, maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  };
  const tarball = await npm("pack", "--ignore-scripts", "--silent", PACKAGE_ROOT);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "shop", ...ASKED }));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(TSCONFIG));
  await writeFile(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  await npm("install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`);
  return {
    project,
    folder: join(project, "node_modules", manifest.name),
    remove: () => rm(project, { recursive: true, force: true }),
  };
}
