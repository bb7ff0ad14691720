import type { ReportModel } from "../../../automation/operations/report/report-model";
import type { RunningStopRow, StopRow } from "../../../automation/operations/report/would-stop";
import { count } from "../../lib/count";
import { timeText } from "../../lib/time-text";
import { type Chart, code, given, number, type Section, type TableView, time, words } from "../document";
import { imageName, withoutDigest } from "../image-name";
import { workloadText } from "../places";
import { missingHistoryLines, noHistoryText, partlyLines, SOURCE } from "../source-names";
import { unknownRunningText } from "./running-section";

/** Bars of a chart. The table has all. */
const MOST_BARS = 12;

/** What `enforce` would have stopped in the last days, and would stop of what runs, so that somebody can decide to enforce. */
export function wouldStopSection(report: ReportModel): Section {
  const { wouldStop, history, mode, gateMode, registry } = report;
  const section = { id: "would-stop", title: "What enforce would stop" };
  if (wouldStop === null) {
    return { ...section, text: [noHistoryText(report)], tables: [] };
  }
  const { rows, undecided, running, workloads } = wouldStop;
  const enforcing = mode === "enforce" && gateMode !== "audit";
  return {
    ...section,
    text: [
      ...missingHistoryLines(report),
      ...partlyLines(report, SOURCE.sweep),
      ...(history === null
        ? [`From the verdicts of the last days: ${noHistoryText(report)}`]
        : [
            `From the verdicts of ${timeText(history.since)} to ${timeText(history.until)}: tasks and deployments that were denied and went on, because the detector or the gate only audited them.`,
          ]),
      running === null || report.running === null
        ? `From what runs: ${unknownRunningText(report)} A service that has launched nothing in these days is missing here.`
        : `From what ran at ${timeText(report.running.at)}: images that are denied and run, however long ago they were launched. Enforcing does not end what runs; it would stop their next launch.`,
      `Of ${count(workloads.judged, "service or family", "services and families")} that ${workloads.judged === 1 ? "was" : "were"} judged, ${workloads.stopped} would have been stopped in these days, ${workloads.runDenied} would be at the next launch of what runs, and of ${workloads.clean} everything was and is trusted or exempt.`,
      ...hiddenPlaces(report),
      ...(enforcing
        ? [
            "This environment enforces: what was denied since it does is in the section about verdicts, under what was done.",
          ]
        : []),
      ...((undecided?.length ?? 0) > 0
        ? [
            "What stayed inconclusive ran on under the settings that were in force (onInconclusive: alert). With deny it would be stopped as well.",
          ]
        : []),
    ],
    charts: rows === null || rows.length === 0 ? [] : [barsOf(rows)],
    tables: [
      ...(rows === null
        ? []
        : [stopView("In the last days", rows, registry, "Nothing was denied and only audited in these days.")]),
      ...(running === null ? [] : [runningView(running, registry)]),
      ...(undecided === null || undecided.length === 0
        ? []
        : [stopView("Inconclusive to the end", undecided, registry, "")]),
    ],
  };
}

/** Of an image with very many places the sweep keeps the first. */
function hiddenPlaces({ running }: ReportModel): readonly string[] {
  const places = (running?.images ?? [])
    .filter(({ status }) => status === "denied")
    .reduce((sum, { morePlaces }) => sum + morePlaces, 0);
  return places === 0 ? [] : [`NOT SHOWN: ${count(places, "more place")} of denied images that run in very many.`];
}

function runningView(rows: readonly RunningStopRow[], registry: string | null): TableView {
  return {
    title: "At the next launch of what runs",
    columns: [
      { name: "service", wrapTo: 16 },
      { name: "code", wrapTo: 14 },
      { name: "images", align: "right", leaveOut: 4 },
      { name: "containers", align: "right" },
      { name: "since", leaveOut: 3 },
      { name: "an image", onlyOnPage: true },
      { name: "why", onlyOnPage: true },
      { name: "what to do", wrapTo: 24, leaveOut: 1 },
    ],
    rows: rows.map((row) => [
      given(workloadText(row), 300),
      code(row.code),
      number(row.images),
      number(row.containers),
      time(row.since),
      given(imageName(withoutDigest(row.example.image), registry), 300),
      given(row.example.detail, 500),
      words(row.next),
    ]),
    empty: "Nothing that is denied ran.",
  };
}

function barsOf(rows: readonly StopRow[]): Chart {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = workloadText(row);
    sums.set(name, (sums.get(name) ?? 0) + row.subjects);
  }
  const bars = [...sums].map(([name, value]) => ({ name, value, status: "denied" as const }));
  const shown = bars.sort((one, other) => other.value - one.value).slice(0, MOST_BARS);
  const left = bars.length - shown.length;
  const title = "Tasks and deployments that enforce would have stopped";
  return {
    kind: "bars",
    title: left === 0 ? title : `${title}: the first ${MOST_BARS} of ${bars.length}`,
    bars: shown,
  };
}

function stopView(title: string, rows: readonly StopRow[], registry: string | null, empty: string): TableView {
  return {
    title,
    columns: [
      { name: "service", wrapTo: 16 },
      { name: "judged at", leaveOut: 4 },
      { name: "code", wrapTo: 14 },
      { name: "times", align: "right" },
      { name: "images", align: "right", leaveOut: 6 },
      { name: "last", leaveOut: 5 },
      { name: "runs now", leaveOut: 2 },
      { name: "last image", onlyOnPage: true },
      { name: "why", onlyOnPage: true },
      { name: "what to do", wrapTo: 24, leaveOut: 1 },
    ],
    rows: rows.map((row) => [
      given(workloadText(row), 300),
      code(row.point),
      code(row.code),
      number(row.subjects),
      number(row.images),
      time(row.last),
      words(row.runsNow === null ? "-" : row.runsNow ? "yes" : "no"),
      given(imageName(withoutDigest(row.example.image), registry), 300),
      given(row.example.detail, 500),
      words(row.next),
    ]),
    empty,
  };
}
