import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type Listening, listenOnLoopback } from "../../../local/listen";

/** A call of an AWS service, as it is sent. */
export interface SentCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a stand-in answers itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * Starts a server before moto, which may change a call that moto answers, or answer it itself.
 *
 * @param moto `127.0.0.1:PORT`
 */
export function startBeforeMoto(moto: string, answer: (call: SentCall) => SentCall | OwnAnswer): Promise<Listening> {
  const server = createServer(async (request, response) => {
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      /^(?:authorization|content-type|x-amz-.*)$/.test(name) && typeof value === "string" ? [[name, value]] : [],
    );
    const call = { path: request.url ?? "/", headers: Object.fromEntries(headers), body: await text(request) };
    const answered = answer(call);
    const { status, type, body } = "status" in answered ? answered : await askMoto(moto, answered);
    response.writeHead(status, { "Content-Type": type });
    response.end(body);
  });
  return listenOnLoopback(server);
}

async function askMoto(moto: string, { path, headers, body }: SentCall): Promise<OwnAnswer> {
  const answer = await fetch(`http://${moto}${path}`, { method: "POST", headers, body });
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "text/xml",
    body: await answer.text(),
  };
}
