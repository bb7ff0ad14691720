import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, get, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands in for a Docker engine, as far as one asks whether it is there: `GET /_ping` on a Unix socket. */
export interface ContainerEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  start(): Promise<void>;
  /** Takes the socket away, as an engine does that is shut down. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it. `close` it. */
export async function startContainerEngine(): Promise<ContainerEngine> {
  const folder = await mkdtemp(join(tmpdir(), "container-engine-"));
  const socket = join(folder, "docker.sock");
  let server: Server | undefined;
  const stop = async () => {
    const stopped = server;
    server = undefined;
    if (stopped === undefined) return;
    stopped.close();
    stopped.closeAllConnections();
    await once(stopped, "close");
  };
  const start = async () => {
    if (server !== undefined) return;
    server = createServer((_, response) => void response.writeHead(200, { "api-version": "1.51" }).end("OK"));
    server.listen(socket);
    await once(server, "listening");
  };
  await start();
  return {
    host: `unix://${socket}`,
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether an engine answers at `unix://...`. */
export async function answersPing(host: string): Promise<boolean> {
  const request = get({ socketPath: host.replace(/^unix:\/\//, ""), path: "/_ping", timeout: 10_000 });
  try {
    const [response] = await once(request, "response");
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}
