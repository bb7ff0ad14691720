import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../../../local/process";
import type { Engine } from "./engine";
import { DOCKER } from "./requirements";

/** A network namespace that has loopback and nothing else. */
export interface LoopbackNetwork {
  /** For `docker run --network`. */
  readonly network: string;
  close(): Promise<void>;
}

/**
 * Makes a network namespace without any network but its own loopback (`docker run --network none`), where the given
 * addresses `127.0.0.1:PORT` lead to the same addresses out here. The way in is a Unix socket for each, in a folder that
 * only the relay's container has; a container that joins the network can reach these addresses and no others.
 *
 * @param image has Node.js 24 on its PATH.
 */
export async function startLoopbackNetwork(
  engine: Engine,
  image: string,
  addresses: readonly string[],
): Promise<LoopbackNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "relay-"));
  const ports = addresses.map((address) => Number(new URL(`http://${address}`).port));
  const servers = await Promise.all(ports.map((port) => relayTo(port, join(folder, `${port}.sock`))));
  const name = `relay-${process.pid}`;
  const closeSockets = async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true, force: true });
  };
  const mounts = ["--volume", `${folder}:/relay`, "--volume", `${join(__dirname, "relay.ts")}:/relay.ts:ro`];
  const container = ["run", "--rm", "--interactive", "--name", name, "--network", "none", "--read-only", ...mounts];
  const program = ["--entrypoint", "node", image, "/relay.ts", "/relay", ...ports.map(String)];
  const relay = await startProgram(DOCKER, [...container, ...program], {
    env: engine.environment,
    readyWithinMs: 30_000,
  }).catch(async (error: unknown) => {
    await closeSockets();
    throw error;
  });
  return {
    network: `container:${name}`,
    close: async () => {
      await relay.stop();
      await closeSockets();
    },
  };
}

async function relayTo(port: number, socket: string): Promise<Server> {
  const server = createServer((from) => {
    const to = createConnection(port, "127.0.0.1");
    from.on("error", () => to.destroy()).pipe(to);
    to.on("error", () => from.destroy()).pipe(from);
  });
  server.listen(socket);
  await once(server, "listening");
  return server;
}
