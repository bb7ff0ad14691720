import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Listening, listenOnLoopback } from "./listen";
import {
  type Answer,
  applyRules,
  type Origin,
  type Outcome,
  type ProxyRequest,
  type Rule,
} from "./registry-proxy/exchange";
import { forward } from "./registry-proxy/forward";

export { challengeBearer, redirectBlobs, requireBasic } from "./registry-proxy/access";
export { only, paths, times } from "./registry-proxy/conditions";
export type { Answer, Outcome, ProxyRequest, Rule } from "./registry-proxy/exchange";
export { answer, delay, hang, hugeBody, reset, rewrite, trickle } from "./registry-proxy/faults";
export { endlessReferrers } from "./registry-proxy/referrers";

/** A request that arrived. Credentials themselves are not stored. */
export interface RecordedRequest {
  readonly origin: Origin;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The Host header. */
  readonly host: string;
  /** Scheme of the Authorization header, such as `Basic`; `undefined` without one. */
  readonly authorization: string | undefined;
}

/** A running proxy in front of a registry. */
export interface RegistryProxy {
  /** `127.0.0.1:PORT`, to be used as the registry of references. */
  readonly address: string;
  /** `127.0.0.1:PORT` of the second origin, which serves the same registry without authentication. */
  readonly blobAddress: string;
  /** All requests so far, to both origins. */
  readonly requests: readonly RecordedRequest[];
  /** Uses these rules from now on, the first outermost; without any it only forwards. */
  behave(...rules: readonly Rule[]): void;
  /** Stops both origins and ends every connection. */
  close(): Promise<void>;
}

/**
 * Starts a proxy that behaves like a faulty or hostile registry.
 *
 * @param options.target - `127.0.0.1:PORT` of the registry behind it.
 * @param options.rules - its behavior at first; `behave` changes it.
 */
export async function startRegistryProxy(options: {
  readonly target: string;
  readonly rules?: readonly Rule[];
}): Promise<RegistryProxy> {
  let rules = options.rules ?? [];
  const requests: RecordedRequest[] = [];
  const agent = new Agent({ keepAlive: true });
  const closing = new AbortController();
  const addresses: Record<Origin, string> = { registry: "", blobs: "" };

  const serve = (origin: Origin): Promise<Listening> =>
    listenOnLoopback(
      createServer((incoming, response) => {
        const request = describe(origin, incoming, addresses, abortWith(closing.signal, response));
        requests.push(record(request));
        applyRules(rules, request, () => forward(incoming, options.target, agent, request.signal))
          .then((outcome) => send(outcome, request.method, response))
          .catch(() => response.destroy());
      }),
    );

  const registry = await serve("registry");
  const blobs = await serve("blobs");
  addresses.registry = registry.address;
  addresses.blobs = blobs.address;

  return {
    address: registry.address,
    blobAddress: blobs.address,
    requests,
    behave: (...newRules) => {
      rules = newRules;
    },
    close: async () => {
      closing.abort();
      await Promise.all([registry.close(), blobs.close()]);
      agent.destroy();
    },
  };
}

function describe(
  origin: Origin,
  incoming: IncomingMessage,
  addresses: Readonly<Record<Origin, string>>,
  signal: AbortSignal,
): ProxyRequest {
  return {
    origin,
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    host: incoming.headers.host ?? "",
    authorization: incoming.headers.authorization,
    addresses,
    signal,
  };
}

function record({ origin, method, path, host, authorization }: ProxyRequest): RecordedRequest {
  return { origin, method, path, host, authorization: authorization?.split(" ")[0] };
}

function abortWith(closing: AbortSignal, response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return AbortSignal.any([closing, gone.signal]);
}

async function send(outcome: Outcome, method: string, response: ServerResponse): Promise<void> {
  if (outcome === "hang") return;
  if (outcome === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(outcome.status, listHeaders(outcome));
  const body = outcome.body instanceof Readable ? outcome.body : Readable.from([outcome.body]);
  if (method !== "HEAD") return pipeline(body, response);
  body.resume();
  response.end();
}

function listHeaders({ headers }: Answer): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : [...value]]],
    ),
  );
}
