import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { filterPattern, isWanted, type VerdictFilter } from "./verdict-filter";
import { type ReadRecord, readLogLine } from "./verdict-record";

/** Where verdicts are read from, and which. */
export interface VerdictSource {
  readonly client: CloudWatchLogsClient;
  /** Name of the log group: the environment's output `logGroup`. */
  readonly logGroup: string;
  /** From when on. */
  readonly since: Date;
  readonly filter?: VerdictFilter;
  /** Told of each line that should hold a verdict and cannot be read. Default: nobody. */
  readonly onUnreadable?: (why: string) => void;
}

/** How the log is followed. */
export interface Following {
  /** Waits until the log is asked again. */
  readonly pause: () => Promise<unknown>;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Ends it after the look that is under way. */
  readonly signal?: AbortSignal;
}

/**
 * How far back every question goes again, in milliseconds: a line is found only some seconds after the time that it
 * bears, and not in the order of these times. CloudWatch Logs documents no bound: inferred (log-ingestion-delay).
 */
const OVERLAP_MS = 5 * 60_000;

/**
 * Reads the verdicts that are in the log now, in the order of their time. Needs `logs:FilterLogEvents` on the log group.
 *
 * @throws what the AWS SDK throws.
 */
export async function* readVerdicts(source: VerdictSource): AsyncGenerator<ReadRecord> {
  yield* await collectNew(source, source.since.getTime(), new Map());
}

/**
 * Reads the verdicts that are in the log, and goes on to those that come: one list for each look at the log, the first
 * of what was there. None comes twice, and none is lost that reaches the log within five minutes of its time.
 *
 * @throws what the AWS SDK throws.
 */
export async function* followVerdicts(
  source: VerdictSource,
  { pause, now, signal }: Following,
): AsyncGenerator<readonly ReadRecord[]> {
  const since = source.since.getTime();
  const seen: Seen = new Map();
  let from = since;
  for (;;) {
    // Taken before the question: what comes while it is answered belongs to the next one.
    const next = Math.max(since, now() - OVERLAP_MS);
    yield await collectNew(source, from, seen);
    for (const [id, timestamp] of seen) if (timestamp < next) seen.delete(id);
    from = next;
    if (signal?.aborted === true) return;
    await pause();
  }
}

/** Ids of the lines that were read, with their time. */
type Seen = Map<string, number>;

/** Reads the lines from a time on that are not among those seen, and adds them there. */
async function collectNew(source: VerdictSource, from: number, seen: Seen): Promise<readonly ReadRecord[]> {
  const { filter = {}, onUnreadable } = source;
  const found: { readonly timestamp: number; readonly record: ReadRecord }[] = [];
  for await (const { eventId = "", timestamp = 0, message = "" } of linesFrom(source, from)) {
    if (seen.has(eventId)) continue;
    seen.set(eventId, timestamp);
    const line = readLogLine(message);
    if (line.kind === "unreadable") onUnreadable?.(line.why);
    if (line.kind === "verdict" && isWanted(line.record, filter)) found.push({ timestamp, record: line.record });
  }
  return found.sort((one, other) => one.timestamp - other.timestamp).map(({ record }) => record);
}

async function* linesFrom({ client, logGroup, filter = {} }: VerdictSource, from: number) {
  let nextToken: string | undefined;
  do {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: from,
        filterPattern: filterPattern(filter),
        ...withoutUndefined({ nextToken }),
      }),
    );
    // A page may be empty and not the last one.
    yield* answer.events ?? [];
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
}
