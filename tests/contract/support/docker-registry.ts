import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProgram } from "../../../local/process";
import { addressOfNobody } from "./nobody";

const readyWithinMs = 10_000;

/**
 * Starts Debian's `docker-registry` (distribution 2.8: no referrers API, and it checks what manifests name) on a free
 * port of the loopback interface, with an empty folder for its storage.
 */
export async function startDockerRegistry(executable: string): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), "docker-registry-"));
  const address = await addressOfNobody();
  const config = join(folder, "config.json");
  await writeFile(config, JSON.stringify(configuration(address, join(folder, "storage"))));

  const child = spawn(executable, ["serve", config], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
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

/** YAML, of which JSON is a part. */
function configuration(address: string, rootdirectory: string) {
  return {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory }, delete: { enabled: true } },
    http: { addr: address },
  };
}

async function answers(address: string): Promise<boolean> {
  return fetch(`http://${address}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
}
