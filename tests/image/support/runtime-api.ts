import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";

/** What became of one invocation. */
export interface Answer {
  readonly outcome: "response" | "error";
  /** The response, or the error as the runtime reports it: `errorType`, `errorMessage`, `trace`. */
  readonly body: unknown;
  /** From when the function was handed the event until it had answered. */
  readonly milliseconds: number;
}

/** A stand-in for the Lambda Runtime API (AWS Lambda developer guide, "Runtime API"), for one execution environment. */
export interface RuntimeApi {
  /** Value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** When the runtime asked for its first event, in milliseconds since 1970. Rejects if it reports that its start failed. */
  readonly initialized: Promise<number>;
  /** Hands the function one event; events wait for each other, as they do in one execution environment. */
  invoke(event: unknown): Promise<Answer>;
  close(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly answer: (answer: Answer) => void;
  startedAt: number;
}

const VERSION = "/2018-06-01/runtime";

/** @param timeoutMs the function's timeout, by which its deadlines are reckoned. */
export async function startRuntimeApi(timeoutMs: number): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const running = new Map<string, Invocation>();
  const waiting: ServerResponse[] = [];
  const initialization = new EventEmitter<{ ready: [number]; failed: [Error] }>();
  const initialized = new Promise<number>((ready, failed) => {
    initialization.once("ready", ready).once("failed", failed);
  });
  // Whoever does not wait for it must not fail by it.
  initialized.catch(() => {});

  function handOver(): void {
    while (waiting.length > 0 && queue.length > 0) {
      const [response, invocation] = [waiting.shift(), queue.shift()];
      if (response === undefined || invocation === undefined) return;
      invocation.startedAt = performance.now();
      running.set(invocation.id, invocation);
      response.writeHead(200, {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": invocation.id,
        "Lambda-Runtime-Deadline-Ms": String(Date.now() + timeoutMs),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:111122223333:function:verifier",
        "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
      });
      response.end(JSON.stringify(invocation.event));
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    if (path === `${VERSION}/invocation/next`) {
      initialization.emit("ready", Date.now());
      waiting.push(response);
      return handOver();
    }
    const body = await text(request);
    const [, id = "", outcome] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (path === `${VERSION}/init/error`) {
      initialization.emit("failed", new Error(`The function did not start: ${body}`));
    }
    const invocation = running.get(id);
    if (invocation !== undefined && (outcome === "response" || outcome === "error")) {
      running.delete(id);
      const milliseconds = performance.now() - invocation.startedAt;
      invocation.answer({ outcome, body: body === "" ? undefined : JSON.parse(body), milliseconds });
    }
    response.writeHead(202, { "Content-Type": "application/json" }).end('{"status":"OK"}');
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    respond(request, response).catch(() => response.writeHead(500).end());
  });
  const { address, close } = await listenOnLoopback(server);
  return {
    address,
    initialized,
    invoke: (event) =>
      new Promise((answer) => {
        queue.push({ id: randomUUID(), event, answer, startedAt: 0 });
        handOver();
      }),
    close,
  };
}
