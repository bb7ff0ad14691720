import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProgram } from "../../../local/process";
import { addressOfNobody } from "./nobody";

const readyWithinMs = 10_000;

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
  const address = await addressOfNobody();
  const config = join(folder, "config.json");
  // YAML, of which JSON is a part.
  const configuration = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage ?? join(folder, "storage") }, delete: { enabled: true } },
    http: { addr: address },
    ...(auth === undefined ? {} : { auth }),
  };
  await writeFile(config, JSON.stringify(configuration));

  const child = spawn(executable, ["serve", config], {
    env: { OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const ended = once(child, "close").catch(() => undefined);
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const giveUpAt = performance.now() + readyWithinMs;
  while (!(await answers(address))) {
    if (child.exitCode !== null || child.pid === undefined || performance.now() > giveUpAt) {
      await stop();
      throw new Error(`${executable} did not start on ${address}. Its standard error:\n${errors.join("")}`);
    }
    await sleep(20);
  }
  return { address, stop };
}

/** Whatever it answers: one with logins wants one. */
async function answers(address: string): Promise<boolean> {
  return fetch(`http://${address}/v2/`).then(
    () => true,
    () => false,
  );
}
