import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "../../../build/cache";
import { DOCKER } from "./requirements";

const run = promisify(execFile);
const startLimitMs = 30_000;
const stopLimitMs = 15_000;

/** A Docker engine of our own, beside whatever the machine has. */
export interface Engine {
  /** The environment in which `docker` talks to this engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `docker` and gives its standard output. Rejects with what it wrote. */
  docker(args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface BuildOptions {
  readonly context: string;
  readonly dockerfile: string;
  readonly tag?: string;
  /** The stage to stop at. */
  readonly target?: string;
  readonly platform?: string;
  readonly args?: Readonly<Record<string, string>>;
}

/**
 * Starts an engine without networks of its own (`--bridge=none`, no iptables): builds use the machine's network, containers
 * have loopback. Its images and its build cache stay in the cache folder; only one engine at a time can use them.
 *
 * @throws Error with the end of the engine's log.
 */
export async function startEngine(): Promise<Engine> {
  const data = join(cacheFolder(), "image", "engine");
  await mkdir(data, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), "docker-"));
  const host = `unix://${folder}/docker.sock`;
  const daemon = spawn(
    "dockerd",
    [
      ["--host", host],
      ["--data-root", data],
      ["--exec-root", join(folder, "exec")],
      // Beside the data, so that a second engine on them is refused.
      ["--pidfile", join(data, "engine.pid")],
      ["--bridge=none", "--iptables=false", "--ip6tables=false"],
    ].flat(),
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4000);
  });
  const ended = once(daemon, "close");
  const hasEnded = () => daemon.exitCode !== null || daemon.signalCode !== null;

  const environment = {
    PATH: process.env.PATH ?? "",
    DOCKER_HOST: host,
    DOCKER_BUILDKIT: "1",
    DOCKER_CONFIG: join(folder, "config"),
  };
  const docker = async (args: readonly string[]) => {
    const { stdout } = await run(DOCKER, [...args], { env: environment, maxBuffer: 64 * 1024 * 1024 }).catch(
      ({ stderr, message }: { stderr?: string; message: string }) => {
        throw new Error(`docker ${args[0]} failed: ${stderr?.slice(-4000) || message}`);
      },
    );
    return stdout;
  };
  const stop = async () => {
    // Images of earlier runs that have lost their tag, and what has not been used for long.
    await docker(["image", "prune", "--force"]).catch(() => {});
    await docker(["builder", "prune", "--force", "--keep-storage", "4GB"]).catch(() => {});
    daemon.kill("SIGTERM");
    await Promise.race([ended, sleep(stopLimitMs, undefined, { ref: false })]);
    if (!hasEnded()) daemon.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const giveUpAt = performance.now() + startLimitMs;
  while (!(await docker(["version"]).then(Boolean, () => false))) {
    if (hasEnded() || performance.now() > giveUpAt) {
      await stop();
      throw new Error(`dockerd did not start. The end of its log:\n${log}`);
    }
    await sleep(100);
  }
  return { environment, docker, stop };
}

/** Builds an image. Rejects with the end of the build's output. */
export async function buildImage(engine: Engine, options: BuildOptions): Promise<void> {
  const { context, dockerfile, tag, target, platform, args = {} } = options;
  await engine.docker([
    "build",
    ...["--network", "host", "--progress", "plain", "--file", dockerfile],
    ...(tag === undefined ? [] : ["--tag", tag]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    context,
  ]);
}

export function hasImage(engine: Engine, tag: string): Promise<boolean> {
  return engine.docker(["image", "inspect", tag]).then(
    () => true,
    () => false,
  );
}
