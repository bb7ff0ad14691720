import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { readLogLines } from "./log-lines";
import { filterPattern, isWanted, type VerdictFilter } from "./verdict-filter";
import { type ReadRecord, readLogLine } from "./verdict-record";

/** Which verdicts to read, and from where. */
export interface VerdictSource {
  readonly client: CloudWatchLogsClient;
  /** Name of the log group: the environment's output `logGroup`. */
  readonly logGroup: string;
  /** Start of the time range. */
  readonly since: Date;
  /** End of the time range. Default: now. */
  readonly until?: Date | undefined;
  readonly filter?: VerdictFilter;
  /** Called for each line that should be a verdict but cannot be read. Default: none. */
  readonly onUnreadable?: (why: string) => void;
}

/** How to follow the log. */
export interface Following {
  /** Waits until the next query of the log. */
  readonly pause: () => Promise<unknown>;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Stops after the current query. */
  readonly signal?: AbortSignal;
}

/**
 * How far back each query overlaps the previous one, in milliseconds: a line can be found only some seconds after its
 * timestamp, and not in timestamp order. CloudWatch Logs documents no bound: inferred (log-ingestion-delay).
 */
const OVERLAP_MS = 5 * 60_000;

/**
 * Reads the verdicts that are in the log now, in order of time. Needs `logs:FilterLogEvents` on the log group.
 *
 * @throws what the AWS SDK throws.
 */
export async function* readVerdicts(source: VerdictSource): AsyncGenerator<ReadRecord> {
  yield* await collectNew(source, source.since.getTime(), new Map());
}

/**
 * Reads the verdicts in the log and then new ones: one list per query of the log, the first
 * with the existing verdicts. No verdict is repeated, and none that reaches the log within five minutes of its time is lost.
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
    // Taken before the query: lines that arrive during it belong to the next one.
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

/** Reads the lines since a time that are not in the seen ones, and adds them to these. */
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

function linesFrom({ client, logGroup, until, filter = {} }: VerdictSource, from: number) {
  return readLogLines({ client, logGroup, pattern: filterPattern(filter), from, to: until?.getTime() });
}
