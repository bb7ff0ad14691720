import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { type ReportFacts, stillRunning } from "../../automation/operations/report/build-report";
import { readSweeps, readSweptImages } from "../../verifier/src/sweep/sweep-store";
import { count } from "../lib/count";
import { SOURCE } from "./source-names";
import { type SourceReader, withUnreadable } from "./source-reader";

/** What the last sweep has found. */
type LastSweep = Pick<ReportFacts, "sweep" | "running">;

/** Reads the last sweep; what is undefined is not known. */
export async function readSweep(
  { region, ledgerTable: name }: EnvironmentOutputs,
  reader: SourceReader,
): Promise<LastSweep> {
  const table = { client: new DynamoDBClient({ region, maxAttempts: 5 }), name };
  const question = { asking: "Reading the sweep from the table", of: name, action: "dynamodb:Query on it" };
  const read = async () => {
    let [summaries, unreadable] = [0, 0];
    const [sweep] = await readSweeps(table, 1, () => {
      summaries += 1;
    });
    const images = await readSweptImages(table, {
      onUnreadable: () => {
        unreadable += 1;
      },
    });
    return { sweep, running: stillRunning(images, sweep), hasUnreadableSummary: summaries > 0, unreadable };
  };
  const found = await reader.read(SOURCE.sweep, question, read, describeSweep);
  return { sweep: found?.sweep, running: found?.running };
}

interface FoundSweep extends LastSweep {
  readonly hasUnreadableSummary: boolean;
  /** Images that this version cannot read. */
  readonly unreadable: number;
}

/** What was read of a sweep. An image of which nothing can be read may be denied: it is never left out silently. */
export function describeSweep({ sweep, running, hasUnreadableSummary, unreadable }: FoundSweep) {
  if (hasUnreadableSummary) {
    const detail = `The summary of the last sweep cannot be read by this version: another one wrote it. ${USE_DEPLOYED}`;
    return { state: "failed" as const, detail };
  }
  if (sweep === undefined || running === undefined) {
    return withUnreadable(
      "No sweep has run yet, or this environment has none: what runs is not known, and the report is from the log alone.",
      [],
    );
  }
  const { length } = running.images;
  const absent = Math.max(0, sweep.images - length);
  return withUnreadable(`${count(length, "image")} at ${sweep.run}.`, [
    ...(unreadable > 0
      ? [
          `${count(unreadable, "image")} of the table cannot be read by this version, and may be denied. ${USE_DEPLOYED}`,
        ]
      : []),
    ...(absent > 0 ? [`The sweep had found ${count(sweep.images, "image")}: ${absent} of them cannot be shown.`] : []),
  ]);
}

const USE_DEPLOYED = "Make the report with the version that is deployed.";
