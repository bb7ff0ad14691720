import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { type AwsSecurityFinding, BatchImportFindingsCommand } from "@aws-sdk/client-securityhub";
import { listenOnLoopback } from "../../../local/listen";
import { type TestHub, testHub } from "../../support/security-hub";

/** Security Hub over HTTP where moto does not go: off, refusing, throttling, taking only some findings. */
export interface HubServer {
  readonly hub: TestHub;
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Requests that arrived, retries as well. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** How the service answers an error, by its name (API reference of Security Hub, BatchImportFindings and common errors). */
const STATUS: Readonly<Record<string, number>> = {
  InvalidAccessException: 401,
  AccessDeniedException: 403,
  InvalidInputException: 400,
  ThrottlingException: 429,
};

/** Starts a stand-in that answers BatchImportFindings in the service's protocol, REST with JSON. */
export async function startHub(): Promise<HubServer> {
  const hub = testHub();
  let requests = 0;
  const server = createServer(async (incoming, response) => {
    requests += 1;
    try {
      const answer = await hub.client.send(new BatchImportFindingsCommand({ Findings: await findingsIn(incoming) }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: "", message: "" };
      const status = STATUS[name];
      if (status === undefined) return response.socket?.resetAndDestroy();
      response
        .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": name })
        .end(JSON.stringify({ Message: message }));
    }
  });
  const { address, close } = await listenOnLoopback(server);
  return { hub, address, requests: () => requests, close };
}

async function findingsIn(incoming: IncomingMessage): Promise<AwsSecurityFinding[]> {
  const body = await buffer(incoming);
  if (incoming.method !== "POST" || incoming.url !== "/findings/import") throw new Error("no such call");
  return JSON.parse(body.toString("utf8")).Findings;
}
