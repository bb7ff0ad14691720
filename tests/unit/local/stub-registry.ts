import { createServer } from "node:http";
import { sha256 } from "../../../local/descriptor";
import { type Listening, listenOnLoopback } from "../../../local/listen";

/** Keeps what is pushed, by repository, kind and reference: `team/app/manifests/v1`. */
export interface StubRegistry extends Listening {
  readonly content: Map<string, Buffer>;
  readonly requests: readonly string[];
}

/** Just enough of the distribution API for pushing, reading and deleting. */
export async function startStubRegistry(): Promise<StubRegistry> {
  const content = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", "http://registry.invalid");
    const key = url.pathname.replace(/^\/v2\//, "");
    requests.push(`${request.method} ${key}`);

    if (request.method === "POST") {
      response.writeHead(202, { location: `${url.pathname}session?state=1` }).end();
    } else if (request.method === "PUT") {
      const digest = url.searchParams.get("digest");
      if (digest !== null && digest !== sha256(body)) return response.writeHead(400).end("digest mismatch");
      content.set(digest === null ? key : key.replace(/uploads\/session$/, digest), body);
      response.writeHead(201).end();
    } else if (request.method === "DELETE") {
      response.writeHead(content.delete(key) ? 202 : 404).end();
    } else {
      const found = content.get(key);
      response.writeHead(found ? 200 : 404).end(found);
    }
  });
  return { ...(await listenOnLoopback(server)), content, requests };
}
