import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { buildReport, stillRunning } from "../../../automation/operations/report/build-report";
import { type ReadRecord, verdictRecord } from "../../../automation/operations/verdict-record";
import { describeReport } from "../../../cli/report/describe-report";
import { renderPage } from "../../../cli/report/page/render-page";
import type { AwsCall } from "../../aws";
import type { Stage } from "../stage";
import type { SweepResult } from "./start";

const entriesSchema = z.array(z.object({ Detail: z.string() }));

/** Writes the report page about what the demo has played, and gives its path. It is all that the demo leaves behind. */
export async function writeDemoReport(
  { place, clock, aws, gateAws, registry, startedAt }: Stage,
  { summary, images }: SweepResult,
): Promise<string> {
  const now = new Date(clock.now());
  const records = [...aws.calls(), ...gateAws.calls()].flatMap(recordsIn).sort(byTime);
  const report = buildReport({
    place: {
      kind: "environment",
      environment: "demo",
      account: place.account,
      regions: [place.region],
      registry,
      mode: "enforce",
      gateMode: null,
      runbook: null,
      watchedClusters: null,
    },
    sources: [
      { name: "Sweep", state: "read", detail: "The sweeps of the demo." },
      { name: "Log", state: "read", detail: "The events of the demo's launches, deployments and sweeps." },
    ],
    now,
    running: stillRunning(images, summary),
    sweep: summary,
    history: { since: new Date(startedAt), records, canaryVerdicts: 0 },
    services: undefined,
    orders: [],
    exemptions: [],
    whatIf: undefined,
  });
  const file = join(await mkdtemp(join(tmpdir(), "image-verification-demo-")), "report.html");
  await writeFile(file, renderPage(describeReport(report)));
  return file;
}

/** The records that were put on the bus; on AWS they are lines of the log as well. */
function recordsIn({ operation, input }: AwsCall): readonly ReadRecord[] {
  if (operation !== "EventBridge.PutEvents") return [];
  return entriesSchema.parse(input.Entries).map(({ Detail }) => verdictRecord.parse(JSON.parse(Detail)));
}

function byTime(one: ReadRecord, other: ReadRecord): number {
  return one.judgedAt < other.judgedAt ? -1 : 1;
}
