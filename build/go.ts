import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../package-root";
import { cacheFolder } from "./cache";
import { underLock } from "./lock";

const run = promisify(execFile);

/** A Go program of this repository, or of a module that it pins. */
export interface GoProgram {
  /** File name of the executable. */
  readonly name: string;
  /** Folder of the Go module, absolute or from the root of the checkout. */
  readonly module: string;
  /** The main package: a path inside the module, or the import path of a dependency. */
  readonly package: string;
  /** Linker flags, in addition to those that strip the executable. */
  readonly ldflags?: string;
  /** Build tags. */
  readonly tags?: readonly string[];
}

/** The notation process of the verifier. */
export const notationVerifier: GoProgram = { name: "notation-verifier", module: "verifier/notation", package: "." };

/** The stand-in for the AWS Signer plugin. */
export const signerPlugin: GoProgram = {
  name: "notation-com.amazonaws.signer.notation.plugin",
  module: "local/signer-plugin",
  package: ".",
};

/** The local OCI registry. */
export const localRegistry: GoProgram = { name: "local-registry", module: "local/registry", package: "." };

/** The Notation CLI that tests compare with: the release's source, with an oras-go that does not leak credentials. */
export const notationCli: GoProgram = {
  name: "notation",
  module: "tests/notation-cli",
  package: "github.com/notaryproject/notation/cmd/notation",
};

/** CNCF Distribution v3, a real registry server with logins, for the tests. */
export const distribution: GoProgram = { name: "distribution", module: "tests/distribution", package: "." };

const pulumiVersion = "v3.259.0";

/** The Pulumi CLI with its engine. Its version is linked in, since the Automation API asks for it. */
export const pulumiCli: GoProgram = {
  name: "pulumi",
  module: "tests/engine/pulumi-cli",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`,
  tags: ["osusergo", "grpcnotrace"],
};

/** What a program is built for, in Go's words. */
export interface GoPlatform {
  readonly os: "linux" | "darwin";
  readonly processor: "amd64" | "arm64";
}

/** A program that is needed is not installed on the machine. */
export class RequirementMissingError extends Error {
  override readonly name = "RequirementMissingError";
}

/**
 * Builds a Go program into the cache folder and gives the path of the executable.
 * The path has a digest of the sources, the Go version and the flags, so an unchanged program is not built again.
 *
 * @param platform Default: this machine's.
 * @throws RequirementMissingError if Go is not installed; the signal's reason once it is aborted.
 */
export async function buildGo(program: GoProgram, platform?: GoPlatform, signal?: AbortSignal): Promise<string> {
  const suffix = platform === undefined ? "" : `-${platform.os}-${platform.processor}`;
  const folder = join(cacheFolder(), "go", `${program.name}-${await fingerprint(program)}${suffix}`);
  const executable = join(folder, program.name);
  if (existsSync(executable)) return executable;
  await mkdir(dirname(folder), { recursive: true });
  // The Pulumi CLI takes minutes to build, and two builds at the same time take twice as long.
  const buildOnce = async () => {
    if (!existsSync(executable)) await build(program, folder, platform, signal);
  };
  await underLock(`${folder}.lock`, buildOnce, signal);
  return executable;
}

/** What decides on the bytes of a program, beside its sources and Go's version: nothing of it comes from this machine. */
const FIXED = { GOFLAGS: "-mod=readonly", GOWORK: "off", GOAMD64: "v1", GOARM64: "v8.0" };

async function build(
  program: GoProgram,
  folder: string,
  platform: GoPlatform | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await go(
      resolve(PACKAGE_ROOT, program.module),
      [
        "build",
        "-trimpath",
        "-buildvcs=false",
        `-tags=${program.tags?.join(",") ?? ""}`,
        `-ldflags=${linkerFlags(program)}`,
        "-o",
        join(unfinished, program.name),
        program.package,
      ],
      // Interrupted, Go leaves its temporary files.
      { ...FIXED, GOTMPDIR: unfinished, ...(platform && { GOOS: platform.os, GOARCH: platform.processor }) },
      signal,
    );
    await rename(unfinished, folder);
  } finally {
    // A compiler that Go has left behind may write for a moment.
    await rm(unfinished, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Whether the cache has the program, so that {@link buildGo} takes no time. */
export async function isBuilt(program: GoProgram): Promise<boolean> {
  return existsSync(join(cacheFolder(), "go", `${program.name}-${await fingerprint(program)}`, program.name));
}

/** The version of Go on this machine, as `go version` prints it. */
export async function goVersion(): Promise<string> {
  return (await go(PACKAGE_ROOT, ["version"])).trim();
}

async function go(
  cwd: string,
  args: string[],
  variables: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): Promise<string> {
  try {
    const { stdout } = await run("go", args, {
      cwd,
      env: { ...process.env, ...variables, CGO_ENABLED: "0" },
      maxBuffer: 64 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    const failure = error as NodeJS.ErrnoException & { stderr?: string };
    if (failure.code === "ENOENT") {
      throw new RequirementMissingError("Go is not installed. Install Go 1.26 or newer (https://go.dev/dl) and retry.");
    }
    throw new Error(`go ${args[0]} in ${cwd} failed:\n${failure.stderr ?? failure.message}`);
  }
}

function linkerFlags(program: GoProgram): string {
  return ["-s -w", program.ldflags].filter(Boolean).join(" ");
}

async function fingerprint(program: GoProgram): Promise<string> {
  const hash = createHash("sha256").update(await goVersion());
  hash.update(`\0${program.package}\0${linkerFlags(program)}${program.tags?.map((tag) => `\0${tag}`).join("") ?? ""}`);
  const folder = resolve(PACKAGE_ROOT, program.module);
  for (const source of await goSources(folder)) {
    hash.update(`\0${source}\0`).update(await readFile(join(folder, source)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The sources of a Go module, as sorted paths inside it: `go.mod`, `go.sum` and the Go files in all folders, without tests
 * and without the packages `testsupport`, which only tests import.
 */
export async function goSources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .map((entry) => entry.split(sep).join("/"))
    .filter(isGoSource)
    .sort();
}

function isGoSource(path: string): boolean {
  const inBuild = path.endsWith(".go") || path === "go.mod" || path === "go.sum";
  return inBuild && !path.endsWith("_test.go") && !path.split("/").includes("testsupport");
}
