import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";

/**
 * A stand-in for what moto 5.2.5 lacks and the keeper asks: Lambda's GetFunctionConfiguration (moto would need a function
 * with code) and CloudTrail's LookupEvents.
 */
export interface FunctionAndTrail {
  /** For `AWS_ENDPOINT_URL_LAMBDA` and `AWS_ENDPOINT_URL_CLOUDTRAIL`. */
  readonly url: string;
  /** What Lambda says of the function; undefined: there is none. */
  configuration: object | undefined;
  /** What CloudTrail has recorded, the newest first, a page each. */
  pages: readonly (readonly object[])[];
  /** What was asked: the path for Lambda, the input for CloudTrail. */
  readonly asked: readonly unknown[];
  close(): Promise<void>;
}

export async function startFunctionAndTrail(): Promise<FunctionAndTrail> {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (String(request.headers["x-amz-target"]).endsWith(".LookupEvents")) {
      const input = JSON.parse(body);
      asked.push(input);
      const page = Number(input.NextToken ?? 0);
      const events = (standIn.pages[page] ?? []).map((record) => ({ CloudTrailEvent: JSON.stringify(record) }));
      const NextToken = page + 1 < standIn.pages.length ? String(page + 1) : undefined;
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      return response.end(JSON.stringify({ Events: events, NextToken }));
    }
    asked.push(decodeURIComponent(request.url ?? ""));
    const isThere = standIn.configuration !== undefined;
    response.writeHead(isThere ? 200 : 404, {
      "content-type": "application/json",
      ...(isThere ? {} : { "x-amzn-errortype": "ResourceNotFoundException" }),
    });
    response.end(JSON.stringify(standIn.configuration ?? { Message: "Function not found" }));
  });
  const { address, close } = await listenOnLoopback(server);
  const standIn: FunctionAndTrail = {
    url: `http://${address}`,
    configuration: { State: "Active", LastUpdateStatus: "Successful" },
    pages: [],
    asked,
    close,
  };
  return standIn;
}

/** What CloudTrail records of an UpdateService. */
export function updateRecord(requestParameters: object, changes: object = {}): object {
  return {
    eventTime: "2026-11-27T08:10:00Z",
    eventName: "UpdateService",
    userAgent: "aws-cli/2.31",
    userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::111122223333:assumed-role/Admin/jo" },
    requestParameters,
    ...changes,
  };
}
