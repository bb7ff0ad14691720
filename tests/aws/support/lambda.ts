import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";

/**
 * A stand-in for AWS Lambda's Invoke. An asynchronous invocation is answered with 202 at once, and then runs (moto would
 * run functions in Docker).
 */
export interface LambdaStandIn {
  /** For `AWS_ENDPOINT_URL_LAMBDA`. */
  readonly url: string;
  /** Names of the functions that were invoked. */
  readonly invoked: readonly string[];
  /** Refuses with this from now on; `undefined`: takes what comes. */
  refuse(error: LambdaRefusal | undefined): void;
  /** Waits for the invocations that were taken so far. */
  settled(): Promise<unknown>;
  close(): Promise<void>;
}

/** An error of Lambda's REST API. */
export interface LambdaRefusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export async function startLambda(handle: (event: unknown) => Promise<unknown>): Promise<LambdaStandIn> {
  let refusal: LambdaRefusal | undefined;
  const invoked: string[] = [];
  const running: Promise<unknown>[] = [];
  const server = createServer(async (request, response) => {
    const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? "")?.[1];
    const payload = await text(request);
    if (name === undefined || request.headers["x-amz-invocation-type"] !== "Event")
      return response.writeHead(501).end();
    if (refusal !== undefined) {
      const { status, type, message } = refusal;
      response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
      return response.end(JSON.stringify({ message }));
    }
    invoked.push(decodeURIComponent(name));
    running.push(handle(JSON.parse(payload)));
    response.writeHead(202).end();
  });
  const { address, close } = await listenOnLoopback(server);
  return {
    url: `http://${address}`,
    invoked,
    refuse: (error) => {
      refusal = error;
    },
    settled: () => Promise.allSettled(running),
    close,
  };
}
