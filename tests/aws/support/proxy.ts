import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";
import type { Services } from "./account";

/** A call to AWS, as faults see it. */
export interface AwsCall {
  /** What the request is signed for, such as `dynamodb`. */
  readonly service: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How a call goes wrong: with this answer, before it reaches AWS, or when AWS has done it and answers. */
type Failure = AwsAnswer | "reset" | "answer lost";

/** What goes wrong with a call; `undefined`: nothing. */
export type Fault = (call: AwsCall) => Failure | undefined;

/** As AWS answers in its JSON protocols when calls come too fast. */
export const THROTTLED: AwsAnswer = {
  status: 400,
  type: "application/x-amz-json-1.1",
  body: JSON.stringify({ __type: "ThrottlingException", message: "Rate exceeded" }),
};

/** The fault for the calls of one service: all, or the first so many. */
export function failing(service: string, how: Failure, count = Number.POSITIVE_INFINITY): Fault {
  let left = count;
  return (call) => {
    if (call.service !== service || left <= 0) return undefined;
    left -= 1;
    return how;
  };
}

/** A proxy before the services that can fail as AWS can. */
export interface AwsProxy {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly behave: (...faults: readonly Fault[]) => void;
  close(): Promise<void>;
}

/** Starts a proxy that passes each call on to the service that it is signed for. */
export async function startAwsProxy({ aws, dynamodb }: Services): Promise<AwsProxy> {
  let faults: readonly Fault[] = [];

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const service = serviceOf(incoming);
    const fault = faults.map((one) => one({ service })).find((found) => found !== undefined);
    const target = service === "dynamodb" ? dynamodb : aws;
    const done = fault === undefined || fault === "answer lost";
    const answer = done ? await forward(target, incoming, body).catch(() => "reset" as const) : fault;
    if (answer === "reset" || fault === "answer lost") return response.socket?.resetAndDestroy();
    response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  });
  const { address, close } = await listenOnLoopback(server);
  return {
    address,
    behave: (...given) => {
      faults = given;
    },
    close,
  };
}

function serviceOf({ headers }: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1] ?? "unknown";
}

async function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<AwsAnswer> {
  const { connection: _, "content-length": _length, host: _host, ...headers } = incoming.headers;
  const answer = await fetch(`http://${target}${incoming.url ?? "/"}`, {
    method: incoming.method ?? "POST",
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[name, value]] : [],
    ),
    body: new Uint8Array(body),
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "text/plain",
    body: await answer.text(),
  };
}
