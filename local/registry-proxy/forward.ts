import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { Answer } from "./exchange";

/**
 * Passes a request on to the registry as it is, but for the credentials, which are the proxy's business.
 * The Host header stays the client's, so that locations in answers lead back to the proxy.
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

/** What concerns only the connection to the registry is left out. */
function toAnswer(response: IncomingMessage): Answer {
  const { connection: _, "keep-alive": _keepAlive, "transfer-encoding": _encoding, ...headers } = response.headers;
  return { status: response.statusCode ?? 502, headers, body: response };
}
