import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { installMoto, isMotoInstalled } from "../../../build/moto";
import { orSkip } from "../../support/skip-or-fail";

/** The account that moto plays. */
export const ACCOUNT = "111122223333";
const INSTALL_LIMIT_MS = 10 * 60_000;
const READY_LIMIT_MS = 60_000;

/** A moto server on a free port of this machine. */
export interface Moto {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  stop(): Promise<void>;
}

async function startMoto(): Promise<Moto> {
  const python = await installMoto();
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PYTHONUNBUFFERED: "1", MOTO_ACCOUNT_ID: ACCOUNT },
  });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  };
  const late = setTimeout(() => child.kill("SIGKILL"), READY_LIMIT_MS);
  const said: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      const address = /Running on http:\/\/(127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address === undefined) continue;
      // A pipe that nobody reads would fill and hold the server up.
      child.stderr.resume();
      return { address, stop };
    }
    throw new Error(`moto did not start:\n${said.join("\n")}`);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Starts moto before the tests of a `describe` and stops it after them. The result gives it to a test. */
export function useMoto(): () => Moto {
  let moto: Moto | undefined;
  before("start moto", async function () {
    this.timeout(INSTALL_LIMIT_MS);
    moto = await orSkip(this, async () => {
      if (!(await isMotoInstalled())) console.log("  installing moto (once; it is kept in the cache folder)");
      return startMoto();
    });
  });
  after(() => moto?.stop());
  return () => {
    if (moto === undefined) throw new Error("moto is there only while tests run.");
    return moto;
  };
}
