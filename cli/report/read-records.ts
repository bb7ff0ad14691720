import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { readVerdicts } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { count } from "../lib/count";
import { SOURCE } from "./source-names";
import { type SourceReader, withUnreadable } from "./source-reader";

/** The records of all logs, in order of time; undefined if none could be read. */
export async function readRecords(
  outputs: EnvironmentOutputs,
  since: Date,
  reader: SourceReader,
): Promise<readonly ReadRecord[] | undefined> {
  const client = new CloudWatchLogsClient({ region: outputs.region, maxAttempts: 5 });
  const { logGroup, gateLogGroup, sweepLogGroup } = outputs;
  const logs = [
    [SOURCE.launches, logGroup],
    [SOURCE.deployments, gateLogGroup],
    [SOURCE.swept, sweepLogGroup],
  ] as const;
  const read: (readonly ReadRecord[])[] = [];
  for (const [name, group] of logs) {
    if (group === undefined) {
      reader.absent(name, "The environment's outputs have no such log.");
      continue;
    }
    const question = { asking: "Reading the log group", of: group, action: "logs:FilterLogEvents on it" };
    let unreadable = 0;
    const onUnreadable = () => {
      unreadable += 1;
    };
    const records = await reader.read(
      name,
      question,
      () => collect(readVerdicts({ client, logGroup: group, since, onUnreadable })),
      (found) =>
        withUnreadable(
          `${count(found.length, "record")} since ${since.toISOString()}.`,
          unreadable === 0 ? [] : [`Left out: ${count(unreadable, "line")} that cannot be read by this version.`],
        ),
    );
    if (records !== undefined) read.push(records);
  }
  if (read.length === 0) return undefined;
  return read.flat().sort((one, other) => (one.judgedAt < other.judgedAt ? -1 : 1));
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
