import { type Coverage, type GatedService, isNeverLaunched } from "../../../automation/operations/report/coverage";
import type { ReportModel } from "../../../automation/operations/report/report-model";
import { count } from "../../lib/count";
import { printable } from "../../lib/printable";
import { timeText } from "../../lib/time-text";
import {
  type Chart,
  code,
  digest,
  given,
  number,
  type Section,
  status,
  type TableView,
  time,
  words,
} from "../document";
import { imageName } from "../image-name";
import { placesText, workloadText } from "../places";
import { isUnread, SOURCE } from "../source-names";
import { repositoryText, unknownRunningText } from "./running-section";

/** What gate, detector and sweep have seen of what runs. */
export function coverageSection(report: ReportModel): Section {
  const { coverage, watchedClusters } = report;
  const { gate, detector, sweep } = coverage;
  return {
    id: "coverage",
    title: "Coverage",
    text: [
      gateText(report),
      watchedClusters === null
        ? "The launch detector watches every cluster of the account and region."
        : `The launch detector watches ${count(watchedClusters.length, "cluster")}.`,
      ...detectorText(coverage),
      ...(sweep === null ? [`What the sweep has read: ${unknownRunningText(report)}`] : sweepText(sweep)),
    ],
    charts: sharesOf(coverage),
    tables: [
      ...(gate === null ? [] : [gateView(gate.rows)]),
      ...(detector === null ? [] : [neverLaunchedView(report)]),
    ],
  };
}

function gateText(report: ReportModel): string {
  const { gate } = report.coverage;
  if (gate === null) {
    return isUnread(report, SOURCE.services)
      ? "Deployment gate: which services have it is not known, since they could not be read."
      : "Deployment gate: this environment has none.";
  }
  return `Deployment gate: ${gate.gated} of ${count(gate.services, "service")}, of which it enforces ${gate.enforced} and audits ${gate.gated - gate.enforced}.`;
}

function detectorText({ detector, sweep }: Coverage): readonly string[] {
  if (detector === null) return [];
  const { images, neverLaunched, notWatched } = detector;
  return [
    `The launch detector has judged a launch of ${images - neverLaunched} of ${count(images, "image")} that run; the sweep alone has found the others.`,
    ...(sweep === null || neverLaunched === 0
      ? []
      : [
          `${sweep.neverLaunched} of these others count for the alarm never-launched: they run in tasks that were started since the environment is watched. The rest was there before.`,
        ]),
    ...(notWatched.length === 0
      ? []
      : [`NOT WATCHED, although something runs there: ${notWatched.map((arn) => printable(arn, 300)).join(", ")}.`]),
  ];
}

function sweepText(sweep: NonNullable<Coverage["sweep"]>): readonly string[] {
  const { run, clusters, tasks, containers, judged, unread } = sweep;
  return [
    `The sweep of ${timeText(run)} has read ${count(tasks, "task")} in ${count(clusters, "cluster")}, and judged ${judged} of ${count(containers, "container")}.${judged === containers ? "" : " The images of the others are inconclusive, or wait to be judged."}`,
    ...unread.map(({ place, error }) => `NOT READ by the sweep: ${printable(place, 300)}: ${printable(error, 500)}`),
  ];
}

function sharesOf({ gate, detector, sweep }: Coverage): readonly Chart[] {
  const shares = [
    ...(gate === null ? [] : [{ name: "Services with the gate", part: gate.gated, whole: gate.services }]),
    ...(detector === null
      ? []
      : [
          { name: "Images judged at a launch", part: detector.images - detector.neverLaunched, whole: detector.images },
        ]),
    ...(sweep === null
      ? []
      : [{ name: "Containers judged by the sweep", part: sweep.judged, whole: sweep.containers }]),
  ];
  return shares.length === 0 ? [] : [{ kind: "shares", title: "What is covered", shares }];
}

/** Which images the alarm never-launched is about. */
function neverLaunchedView({ running, registry }: ReportModel): TableView {
  return {
    title: "Images whose launch was not judged",
    columns: [
      { name: "status" },
      { name: "code", wrapTo: 16 },
      { name: "repository", wrapTo: 18 },
      { name: "digest", leaveOut: 2 },
      { name: "runs in", wrapTo: 14 },
      { name: "containers", align: "right", leaveOut: 1 },
      { name: "since", onlyOnPage: true },
    ],
    rows: (running?.images ?? [])
      .filter(isNeverLaunched)
      .map((image) => [
        status(image.status),
        code(image.code),
        given(imageName(repositoryText(image), registry), 300),
        digest(image.digest),
        given(placesText(image.places, image)),
        number(image.containers),
        time(image.since),
      ]),
    empty: "Every image that runs was judged at a launch.",
  };
}

const GATE_STATES: Readonly<Record<GatedService["gate"], string>> = {
  attached: "attached",
  "attached-otherwise": "attached, but differs: gate attach corrects it",
  "not-attached": "NOT ATTACHED",
  "cannot-have-hooks": "cannot have it",
};

function gateView(rows: readonly GatedService[]): TableView {
  const order = ["not-attached", "attached-otherwise", "cannot-have-hooks", "attached"];
  return {
    title: "Services and the deployment gate",
    columns: [{ name: "service", wrapTo: 20 }, { name: "gate", wrapTo: 14 }, { name: "mode" }],
    rows: rows
      .toSorted((one, other) => order.indexOf(one.gate) - order.indexOf(other.gate))
      .map((row) => [
        given(workloadText(row), 300),
        words(GATE_STATES[row.gate]),
        words(row.gate.startsWith("attached") ? row.mode : "-"),
      ]),
    empty: "There are no services.",
  };
}
