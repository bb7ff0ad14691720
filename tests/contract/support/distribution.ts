import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { RunningProgram } from "../../../local/process";

const READY_WITHIN_MS = 10_000;

export interface DistributionOptions {
  /** The folder of its storage, which several may share. Default: an empty one, deleted when it stops. */
  readonly storage?: string;
  /** Who may use it, in the words of its configuration. Default: everyone. */
  readonly auth?: Readonly<Record<string, object>>;
}

/**
 * Starts a registry of CNCF Distribution, of any version, on a free port of the loopback interface.
 *
 * @param executable - `registry` of a release, or a program that runs the same command.
 */
export async function startDistribution(
  executable: string,
  { storage, auth }: DistributionOptions = {},
): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), "distribution-"));
  const config = join(folder, "config.json");
  // YAML, of which JSON is a part.
  const configuration = {
    version: "0.1",
    // It says at this level where it listens.
    log: { level: "info", formatter: "json", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage ?? join(folder, "storage") }, delete: { enabled: true } },
    http: { addr: "127.0.0.1:0" },
    ...(auth === undefined ? {} : { auth }),
  };
  await writeFile(config, JSON.stringify(configuration));

  const child = spawn(executable, ["serve", config], {
    env: { OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close").catch(() => undefined);
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const said: string[] = [];
  const address = await new Promise<string | undefined>((listens) => {
    createInterface(child.stderr)
      .on("line", (line) => {
        said.push(line);
        const [, found] = /"msg":"listening on (127\.0\.0\.1:\d+)"/.exec(line) ?? [];
        if (found !== undefined) listens(found);
      })
      .once("close", () => listens(undefined));
    setTimeout(() => listens(undefined), READY_WITHIN_MS).unref();
  });
  if (address !== undefined) return { address, stop };
  await stop();
  throw new Error(`${executable} did not start. Its standard error:\n${said.join("\n")}`);
}
