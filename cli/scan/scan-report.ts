import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { buildReport } from "../../automation/operations/report/build-report";
import type { ReportModel, Source } from "../../automation/operations/report/report-model";
import { type RunningImage, withVerdict } from "../../automation/operations/report/running-image";
import { count } from "../lib/count";
import { printable } from "../lib/printable";
import type { JudgedImage } from "./judge-images";
import { placesOf } from "./running-places";
import type { Scanned } from "./scan-output";

/** The report of a scan: what runs at this time, without a history. */
export function scanReport(
  { running, account, regions, environment }: Scanned,
  images: readonly JudgedImage[],
  outputs: EnvironmentOutputs | undefined,
  now: Date,
): ReportModel {
  const { clusters, tasks, containers, unread } = running;
  const read = `${count(containers.length, "container")} of ${count(tasks, "task")} in ${count(clusters, "cluster")}.`;
  return buildReport({
    place: {
      kind: "scan",
      environment: environment ?? null,
      account: account ?? outputs?.account ?? null,
      regions,
      registry: null,
      mode: outputs?.mode ?? null,
      gateMode: outputs?.gateMode ?? null,
      runbook: outputs?.runbookUrl ?? null,
      watchedClusters: outputs?.watchedClusters ?? null,
    },
    sources: [{ name: "What runs now", state: "read", detail: read }, ...unread.map(toSource)],
    now,
    running: { at: now.toISOString(), images: images.map(toRunningImage) },
    sweep: undefined,
    history: undefined,
    services: undefined,
    orders: undefined,
    exemptions: undefined,
    whatIf: undefined,
  });
}

function toSource({ place, error }: Scanned["running"]["unread"][number]): Source {
  return { name: printable(place, 300), state: "failed", detail: printable(error, 500) };
}

/** A judged image as a report shows it. */
export function toRunningImage({ group, verdict }: JudgedImage): RunningImage {
  const { subject, repository, containers } = group;
  const places = placesOf(containers);
  const image = { kind: subject.kind, repository: repository ?? null, containers: containers.length, places };
  return withVerdict(image, verdict, subject.digest);
}
