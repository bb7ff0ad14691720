import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Engine } from "./engine";
import { DOCKER } from "./requirements";
import type { RuntimeApi } from "./runtime-api";

/** A function that runs from its image as Lambda runs it. */
export interface LambdaFunction {
  /** From the start of the container's process until it asked for its first event, in milliseconds. */
  readonly initMilliseconds: number;
  /** What a command prints that runs beside the function, as the same user and with the same rights. */
  inspect(command: string): Promise<string>;
  /** What the function has written so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface FunctionOptions {
  readonly image: string;
  readonly network: string;
  readonly runtimeApi: RuntimeApi;
  readonly environment: Readonly<Record<string, string>>;
  /** Another handler than the image's own, as a function's image configuration names it. */
  readonly handler?: string;
}

let started = 0;

/** An unprivileged user that the image knows nothing of, as Lambda's is. */
export const FUNCTION_USER = "993:990";

/**
 * Starts a function: read-only root, only /tmp writable, no capabilities, an unprivileged user, and no network but
 * loopback. Comes back when it waits for its first event.
 *
 * @throws Error with the function's log, when it ends or reports an error before.
 */
export async function startFunction(engine: Engine, options: FunctionOptions): Promise<LambdaFunction> {
  const { image, network, runtimeApi, environment, handler } = options;
  started += 1;
  const name = `function-${process.pid}-${started}`;
  const variables = { AWS_LAMBDA_RUNTIME_API: runtimeApi.address, ...environment };
  const restrictions = [
    ["--network", network],
    ["--read-only", "--tmpfs", "/tmp:rw,size=512m,mode=1777"],
    // Without it there would be a writable /dev/shm.
    ["--ipc", "none"],
    ["--user", FUNCTION_USER, "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ].flat();
  const settings = Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const command = handler === undefined ? [] : [handler];
  const child = spawn(DOCKER, ["run", "--rm", "--name", name, ...restrictions, ...settings, image, ...command], {
    env: engine.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const ended = once(child, "close");
  const stop = async () => {
    if (child.exitCode === null) await engine.docker(["kill", name]).catch(() => {});
    await ended;
  };

  try {
    const readyAt = await Promise.race([
      runtimeApi.initialized,
      ended.then(([code]) => {
        throw new Error(`The function ended with exit code ${code}.`);
      }),
    ]);
    const startedAt = await engine.docker(["inspect", "--format", "{{.State.StartedAt}}", name]);
    return {
      initMilliseconds: readyAt - Date.parse(startedAt.trim()),
      inspect: (command) => engine.docker(["exec", "--user", FUNCTION_USER, name, "sh", "-c", command]),
      log: () => log,
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error} Its log:\n${log}`);
  }
}
