import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { VerdictRecord } from "../../../verifier/src/reporting/record-schema";
import { createLog } from "../../../verifier/src/reporting/start-verifier";
import { clientOf } from "./account";

/** A log group in moto, with the lines that the function writes. */
export interface LogGroup {
  readonly name: string;
  /** Puts lines as they are; `at` is the time that they bear. */
  put(lines: readonly string[], at?: Date): Promise<void>;
  /** Puts the lines that the function writes for these records. */
  putVerdicts(records: readonly VerdictRecord[], at?: Date): Promise<void>;
}

export async function createLogGroup(address: string): Promise<LogGroup> {
  const client = new CloudWatchLogsClient(clientOf(address));
  const name = `verifier-log-${randomUUID().slice(0, 8)}`;
  const stream = { logGroupName: name, logStreamName: "2026/06/15/[$LATEST]0123456789abcdef" };
  await client.send(new CreateLogGroupCommand({ logGroupName: name }));
  await client.send(new CreateLogStreamCommand(stream));
  const put: LogGroup["put"] = async (lines, at = new Date()) => {
    const logEvents = lines.map((message) => ({ timestamp: at.getTime(), message }));
    await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  };
  return { name, put, putVerdicts: (records, at) => put(records.map(lineOf), at) };
}

/** The line of the log for a record, by the function's own logger. */
export function lineOf(record: VerdictRecord): string {
  const logger = new Logger({
    serviceName: "ecs-image-verification",
    persistentKeys: { environment: record.environment },
  });
  return written(() => createLog(logger).verdict(record)).trimEnd();
}

/** What is written to standard output meanwhile. The logger writes at once. */
function written(work: () => void): string {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk.toString();
    return true;
  };
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}
