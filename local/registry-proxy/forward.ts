import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { Answer } from "./exchange";

/**
 * Forwards a request to the registry unchanged, except for the credentials, which only the proxy uses. The Host header
 * stays the client's, so that locations in responses point to the proxy.
 *
 * @param target - `host:port` of the registry.
 */
export function forward(incoming: IncomingMessage, target: string, agent: Agent, signal: AbortSignal): Promise<Answer> {
  const { authorization: _, connection: _connection, ...headers } = incoming.headers;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `http://${target}`,
      { path: incoming.url, method: incoming.method, headers, agent, signal },
      (response) => resolve(toAnswer(response)),
    );
    outgoing.on("error", reject);
    incoming.pipe(outgoing);
  });
}

/** Headers that concern only the connection to the registry are removed. */
function toAnswer(response: IncomingMessage): Answer {
  const { connection: _, "keep-alive": _keepAlive, "transfer-encoding": _encoding, ...headers } = response.headers;
  return { status: response.statusCode ?? 502, headers, body: response };
}
