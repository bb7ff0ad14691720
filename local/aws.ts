import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type AwsAnswers, type AwsInput, AwsRefusal } from "./aws-answers";
import { dynamodbTable } from "./dynamodb-table";
import { listenOnLoopback } from "./listen";

/** A call that was made. */
export interface AwsCall {
  /** For example `DynamoDB.UpdateItem`, `ECS.StopTask`, `EventBridge.PutEvents`, `SNS.Publish`, `SQS.SendMessage`. */
  readonly operation: string;
  readonly input: AwsInput;
}

/** A recording stand-in for the AWS services that the launch detector calls. */
export interface LocalAws {
  /** `http://127.0.0.1:PORT`, for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly address: string;
  /** The calls so far: of one operation, or all. */
  calls(operation?: string): readonly AwsCall[];
  close(): Promise<void>;
}

const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "DynamoDB",
  AmazonEC2ContainerServiceV20141113: "ECS",
  AWSEvents: "EventBridge",
  AmazonSQS: "SQS",
};

const ordinary: AwsAnswers = {
  "ECS.StopTask": () => ({ task: {} }),
  "ECS.ListServiceDeployments": () => ({ serviceDeployments: [] }),
  "ECS.DescribeServiceDeployments": () => ({ serviceDeployments: [] }),
  "SQS.SendMessage": () => ({ MessageId: "made-up" }),
  "SQS.SendMessageBatch": ({ Entries }) => ({ Successful: sentSchema.parse(Entries).map(toSent), Failed: [] }),
  "EventBridge.PutEvents": () => ({ FailedEntryCount: 0, Entries: [{ EventId: "made-up" }] }),
  "SNS.Publish": () =>
    "<PublishResponse><PublishResult><MessageId>made-up</MessageId></PublishResult></PublishResponse>",
};

const sentSchema = z.array(z.object({ Id: z.string(), MessageBody: z.string() }));

/** The SDK compares the checksum with that of what it sent. */
function toSent({ Id, MessageBody }: z.infer<typeof sentSchema>[number]) {
  return { Id, MessageId: "made-up", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") };
}

/** Starts it with one table, which accepts any name. `answers` take precedence over the built-in ones. */
export async function startAws(answers: AwsAnswers = {}): Promise<LocalAws> {
  const recorded: AwsCall[] = [];
  const known: AwsAnswers = { ...ordinary, ...dynamodbTable(), ...answers };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(String(request.headers["x-amz-target"] ?? ""), await text(request));
    recorded.push(call);
    const answer = answerTo(call);
    if (typeof answer === "string") return void response.writeHead(200, { "Content-Type": "text/xml" }).end(answer);
    sendJson(response, 200, answer);
  }

  function answerTo({ operation, input }: AwsCall): unknown {
    const answer = known[operation];
    if (answer === undefined) throw new AwsRefusal("UnknownOperationException", `${operation} is not played here`);
    return answer(input);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      const { type, fields } = error instanceof AwsRefusal ? error : { type: "ValidationException", fields: {} };
      const message = error instanceof Error ? error.message : String(error);
      if (request.headers["x-amz-target"] === undefined) return sendXmlRefusal(response, type, message);
      sendJson(response, 400, { __type: type, message, ...fields });
    });
  });
  const { address, close } = await listenOnLoopback(server);
  return {
    url: `http://${address}`,
    address,
    calls: (operation) => recorded.filter((call) => operation === undefined || call.operation === operation),
    close,
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}

/** A refusal in the query protocol. */
function sendXmlRefusal(response: ServerResponse, type: string, message: string): void {
  const text = message.replace(/[<&]/g, (sign) => (sign === "<" ? "&lt;" : "&amp;"));
  const error = `<Error><Type>Sender</Type><Code>${type}</Code><Message>${text}</Message></Error>`;
  response.writeHead(400, { "Content-Type": "text/xml" }).end(`<ErrorResponse>${error}</ErrorResponse>`);
}

/** In the query protocol the version of the API is all that names the service. */
const STS_VERSION = "2011-06-15";

/** The JSON protocols have the operation in a header, the query protocol in the form. */
function readCall(target: string, body: string): AwsCall {
  if (target === "") {
    const form = Object.fromEntries(new URLSearchParams(body));
    return { operation: `${form.Version === STS_VERSION ? "STS" : "SNS"}.${form.Action ?? ""}`, input: form };
  }
  const [service = "", operation = ""] = target.split(".");
  return { operation: `${services[service] ?? service}.${operation}`, input: JSON.parse(body) };
}
