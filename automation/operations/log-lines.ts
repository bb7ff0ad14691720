import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { withoutUndefined } from "../../trust/text/without-undefined";

/** Which lines of a log to read. */
export interface LogQuery {
  readonly client: CloudWatchLogsClient;
  /** Name of the log group. */
  readonly logGroup: string;
  /** A pattern of CloudWatch Logs (user guide, "Filter pattern syntax"). */
  readonly pattern: string;
  /** Start of the time range, in milliseconds since 1970. */
  readonly from: number;
  /** Its end. Default: now. */
  readonly to?: number | undefined;
}

/** Reads the lines of a log, in no order. Needs `logs:FilterLogEvents` on the log group. */
export async function* readLogLines({
  client,
  logGroup,
  pattern,
  from,
  to,
}: LogQuery): AsyncGenerator<FilteredLogEvent> {
  let nextToken: string | undefined;
  do {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: from,
        filterPattern: pattern,
        ...withoutUndefined({ endTime: to, nextToken }),
      }),
    );
    // A page may be empty without being the last one.
    yield* answer.events ?? [];
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
}
