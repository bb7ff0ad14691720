import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { areFetched, dynamodbLocal, fetchJars } from "../../../build/jars";
import { orSkip } from "../../support/skip-or-fail";

const FETCH_LIMIT_MS = 10 * 60_000;
const READY_LIMIT_MS = 60_000;

/** AWS's own DynamoDB Local on a free port of this machine, with nothing in it. */
export interface DynamoDb {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  stop(): Promise<void>;
}

async function startDynamoDb(): Promise<DynamoDb> {
  const folder = await fetchJars(dynamodbLocal);
  const address = await freeAddress();
  const port = address.split(":")[1] ?? "";
  const main = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";
  const options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", port];
  const child = spawn("java", [`-Djava.library.path=${folder}`, "-cp", `${folder}/*`, main, ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!hasEnded()) child.kill("SIGKILL");
    await ended;
  };
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-10_000);
  });
  const late = performance.now() + READY_LIMIT_MS;
  while (!(await answers(address))) {
    if (hasEnded() || performance.now() > late) {
      await stop();
      throw new Error(`DynamoDB Local did not start on ${address}:\n${said}`);
    }
    await delay(50);
  }
  return { address, stop };
}

/**
 * DynamoDB Local takes no port 0. Servers that ask for a free port get one above 32767, so none of them is given this one
 * before DynamoDB Local has it.
 */
async function freeAddress(): Promise<string> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const server = createServer().listen(port, "127.0.0.1");
    // `once` rejects if the port is taken.
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return `127.0.0.1:${port}`;
  }
}

async function answers(address: string): Promise<boolean> {
  return fetch(`http://${address}`).then(
    () => true,
    () => false,
  );
}

/** Starts DynamoDB Local before the tests of a `describe` and stops it after them. The result gives it to a test. */
export function useDynamoDb(): () => DynamoDb {
  let dynamodb: DynamoDb | undefined;
  before("start DynamoDB Local", async function () {
    this.timeout(FETCH_LIMIT_MS);
    dynamodb = await orSkip(this, async () => {
      if (!(await areFetched(dynamodbLocal)))
        console.log("  fetching DynamoDB Local (once; it is kept in the cache folder)");
      return startDynamoDb();
    });
  });
  after(() => dynamodb?.stop());
  return () => {
    if (dynamodb === undefined) throw new Error("DynamoDB Local is there only while tests run.");
    return dynamodb;
  };
}
