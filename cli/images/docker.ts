import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { asFields } from "../../trust/unchecked-value";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { CommandFailedError } from "../lib/errors";

/** An image to build from verifier/Dockerfile. */
export interface DockerBuild {
  readonly context: string;
  /** Such as `linux/arm64`. */
  readonly platform: string;
  readonly args: Readonly<Record<string, string>>;
  /** `repository:tag`. */
  readonly tag: string;
  readonly network: string | undefined;
}

/**
 * Builds the image with BuildKit. Docker's output goes to standard error.
 *
 * @throws {@link CommandFailedError}
 */
export async function buildWithDocker(build: DockerBuild): Promise<void> {
  const hasBuildx = await docker(["buildx", "version"], { quiet: true }).then(
    () => true,
    () => false,
  );
  if (!hasBuildx) await requireOwnBuildKit();
  await docker(dockerBuildArguments(build, hasBuildx), { environment: { DOCKER_BUILDKIT: "1" } });
}

/** The first major version of Docker's client that builds with buildx only (its release notes of 23.0). */
const NEEDS_BUILDX = 23;

/** @throws {@link CommandFailedError} if this version of Docker needs buildx and buildx is not installed. */
async function requireOwnBuildKit(): Promise<void> {
  // Such as "Docker version 27.3.1, build ce12230"; other programs named docker print something else.
  const said = await docker(["--version"], { quiet: true });
  const version = /^Docker version (\d+\S*?),/.exec(said)?.[1] ?? "0";
  if (Number.parseInt(version, 10) < NEEDS_BUILDX) return;
  throw new CommandFailedError(
    [
      `docker ${version} has no buildx. Docker needs buildx to build images with BuildKit.`,
      "  Install it: the package docker-buildx-plugin of Docker's own repositories, docker-buildx of some distributions",
      "  (https://docs.docker.com/go/buildx/). `docker buildx version` then answers.",
    ].join("\n"),
  );
}

/**
 * The arguments of `docker`. Lambda accepts only images without provenance. Buildx adds it by default and can omit it;
 * Docker before 23, which has BuildKit without buildx, never adds it and does not support the option.
 */
export function dockerBuildArguments(
  { context, platform, args, tag, network }: DockerBuild,
  hasBuildx: boolean,
): string[] {
  return [
    ...(hasBuildx ? ["buildx", "build", "--load", "--provenance=false"] : ["build"]),
    ...["--platform", platform, "--progress", "plain", "--tag", tag],
    ...(network === undefined ? [] : ["--network", network]),
    ...Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    context,
  ];
}

/**
 * Pushes an image.
 *
 * @param credentials for its registry; undefined if the registry needs none.
 * @returns its digest.
 * @throws {@link CommandFailedError}
 */
export async function pushWithDocker(tag: string, credentials: RegistryCredentials | undefined): Promise<string> {
  const folder = temporaryFolder();
  try {
    loginFolder(folder.path, tag.slice(0, tag.indexOf("/")), credentials);
    const output = await docker(["push", tag], { environment: { DOCKER_CONFIG: folder.path } });
    const digest = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(output)?.[1];
    if (digest === undefined) throw new CommandFailedError(`docker push ${tag} printed no digest.`);
    return digest;
  } finally {
    folder.remove();
  }
}

/**
 * Creates a folder with a Docker configuration: only this login, and no credential store that would save it. Docker finds its
 * engine in the same way as for this user.
 */
function loginFolder(folder: string, registry: string, credentials: RegistryCredentials | undefined): void {
  const own = process.env.DOCKER_CONFIG || join(homedir(), ".docker");
  const auth = credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  const { currentContext } = readConfiguration(join(own, "config.json"));
  const configuration = { auths: auth === undefined ? {} : { [registry]: { auth } }, currentContext };
  writeFileSync(join(folder, "config.json"), JSON.stringify(configuration), { mode: 0o600 });
  if (existsSync(join(own, "contexts"))) symlinkSync(join(own, "contexts"), join(folder, "contexts"), "junction");
}

function readConfiguration(file: string): Readonly<Record<string, unknown>> {
  try {
    return asFields(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

/** The program `docker` does not exist or cannot be run. */
class DockerMissingError extends CommandFailedError {
  constructor(cause: NodeJS.ErrnoException) {
    const why =
      cause.code === "ENOENT" ? "docker is not on the PATH" : `docker cannot be run (${cause.code ?? cause.message})`;
    super(`${why}. Install Docker with buildx (https://docs.docker.com/get-docker/), and start it.`, { cause });
  }
}

interface DockerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Shows none of its output. */
  readonly quiet?: boolean;
}

/** Runs `docker` and returns its standard output. Unless `quiet`, all of its output also goes to standard error as it arrives. */
async function docker(
  args: readonly string[],
  { environment = {}, quiet = false }: DockerOptions = {},
): Promise<string> {
  const child = spawn("docker", args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", quiet ? "ignore" : "inherit"],
  });
  // A signal ends this process with process.exit, which would leave the child process running.
  const kill = () => child.kill();
  process.once("exit", kill);
  const ended = once(child, "close").catch((error: Error) => [error] as const);
  if (!quiet) child.stdout.on("data", (chunk) => process.stderr.write(chunk));
  const [output, [outcome]] = await Promise.all([text(child.stdout), ended]);
  process.off("exit", kill);
  if (outcome === 0) return output;
  if (outcome instanceof Error) throw new DockerMissingError(outcome);
  throw new CommandFailedError(`docker ${args[0]} failed: its output above says why.`);
}
