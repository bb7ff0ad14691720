import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";

/** A call that the function made. */
export interface AwsCall {
  /** Such as `DynamoDB.UpdateItem`, `ECS.StopTask`, `EventBridge.PutEvents`, `SNS.Publish`. */
  readonly operation: string;
  /** Parameters, as the protocol has them: an object of JSON, or the fields of a form. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** A recording stand-in for the AWS services that the function calls. */
export interface LocalAws {
  /** `http://127.0.0.1:PORT`, for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly address: string;
  /** The calls of an operation so far. */
  calls(operation: string): readonly AwsCall[];
  close(): Promise<void>;
}

const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "DynamoDB",
  AmazonEC2ContainerServiceV20141113: "ECS",
  AWSEvents: "EventBridge",
};

const answers: Readonly<Record<string, unknown>> = {
  "DynamoDB.UpdateItem": {},
  "DynamoDB.DeleteItem": {},
  "DynamoDB.Query": { Count: 0, ScannedCount: 0, Items: [] },
  "ECS.StopTask": { task: {} },
  "ECS.ListServiceDeployments": { serviceDeployments: [] },
  "EventBridge.PutEvents": { FailedEntryCount: 0, Entries: [{ EventId: "made-up" }] },
};

/** Its table is always empty and every conditional write succeeds: what is asked once is done once, no more is needed. */
export async function startAws(): Promise<LocalAws> {
  const recorded: AwsCall[] = [];

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(String(request.headers["x-amz-target"] ?? ""), await text(request));
    recorded.push(call);
    if (call.operation === "SNS.Publish") {
      const xml = "<PublishResponse><PublishResult><MessageId>made-up</MessageId></PublishResult></PublishResponse>";
      response.writeHead(200, { "Content-Type": "text/xml" }).end(xml);
      return;
    }
    const answer = answers[call.operation];
    const known = answer !== undefined;
    const unknown = { __type: "UnknownOperationException", message: `${call.operation} is not played here` };
    response.writeHead(known ? 200 : 400, { "Content-Type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(known ? answer : unknown));
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.writeHead(400).end());
  });
  const { address, close } = await listenOnLoopback(server);
  return {
    url: `http://${address}`,
    address,
    calls: (operation) => recorded.filter((call) => call.operation === operation),
    close,
  };
}

/** The JSON protocols name the operation in a header, the query protocol in the form. */
function readCall(target: string, body: string): AwsCall {
  if (target === "") {
    const form = Object.fromEntries(new URLSearchParams(body));
    return { operation: `SNS.${form.Action ?? ""}`, input: form };
  }
  const [service = "", operation = ""] = target.split(".");
  return { operation: `${services[service] ?? service}.${operation}`, input: JSON.parse(body) };
}
