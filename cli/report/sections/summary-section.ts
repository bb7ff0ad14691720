import type { Ending } from "../../../automation/operations/report/ending";
import type { ReportModel } from "../../../automation/operations/report/report-model";
import { count } from "../../lib/count";
import { timeText } from "../../lib/time-text";
import type { Fact, Section } from "../document";
import { isMissing, isPartly, missingText, SOURCE } from "../source-names";

/** The numbers that a reader wants first. */
export function summarySection(report: ReportModel): Section {
  const missing = report.sources.filter(isMissing);
  return {
    id: "summary",
    title: "Summary",
    text: [...missing.map(missingText), ...sweepTimeLines(report)],
    facts: [...runningFacts(report), ...stopFacts(report), ...endingFacts(report), ...coverageFacts(report)],
    tables: [],
  };
}

/** A sweep that is older is no picture of what runs now. */
const STALE_DAYS = 2;

const DAY_MS = 24 * 3_600_000;

/** From when the numbers on what runs are. */
function sweepTimeLines(report: ReportModel): readonly string[] {
  const { running, kind } = report;
  if (running === null || kind === "scan") return [];
  const days = staleDays(report);
  const old = `NOT CURRENT: the last sweep is ${days} days old. What runs now may be something else: find out why there was no sweep since (docs/sweep.md).`;
  return [...(days === undefined ? [] : [old]), `What runs is as the sweep of ${timeText(running.at)} has found it.`];
}

/** How many days ago the sweep was, if that is too long. */
function staleDays({ running, madeAt }: ReportModel): number | undefined {
  if (running === null) return undefined;
  const days = (Date.parse(madeAt) - Date.parse(running.at)) / DAY_MS;
  return days > STALE_DAYS ? Math.floor(days) : undefined;
}

const NOT_KNOWN = "not known";

/** Whether something that runs could not be read: images or clusters of the sweep, or clusters of a scan. */
function isRunningPart(report: ReportModel): boolean {
  if (report.kind === "scan") return report.sources.some(isMissing);
  return isPartly(report, SOURCE.sweep) || (report.coverage.sweep?.unread.length ?? 0) > 0;
}

function runningFacts(report: ReportModel): readonly Fact[] {
  const { running } = report;
  // What cannot be read may be denied: no all-clear.
  const isPart = isRunningPart(report);
  const days = staleDays(report);
  const which = `${isPart ? ", of what could be read" : ""}${days === undefined ? "" : `, ${days} days ago`}`;
  if (running === null) return [{ label: "what runs", value: NOT_KNOWN, section: "running" }];
  return running.byStatus.flatMap(({ status, images, containers }) =>
    images === 0 && status !== "denied"
      ? []
      : [
          {
            label: `${status}, running${which}`,
            value: `${count(images, "image")} in ${count(containers, "container")}`,
            ...(status !== "denied" || images > 0
              ? { tone: status }
              : isPart || days !== undefined
                ? {}
                : { tone: "trusted" as const }),
            section: "running",
          },
        ],
  );
}

function stopFacts(report: ReportModel): readonly Fact[] {
  const { wouldStop, kind } = report;
  if (wouldStop === null) {
    return kind === "scan" ? [] : [{ label: "what enforce would stop", value: NOT_KNOWN, section: "would-stop" }];
  }
  const { rows, running, workloads } = wouldStop;
  const of = `${workloads.affected} of ${count(workloads.judged, "service or family", "services and families")}`;
  const isWhole =
    rows !== null &&
    running !== null &&
    !report.sources.some(isMissing) &&
    !isRunningPart(report) &&
    staleDays(report) === undefined;
  const from = rows === null ? ", by what runs alone" : running === null ? ", by the last days alone" : "";
  return [
    {
      label: `with what enforce would stop${from}`,
      value: of,
      // Without all that could tell, there is no all-clear.
      ...(workloads.affected > 0 ? { tone: "denied" as const } : isWhole ? { tone: "trusted" as const } : {}),
      section: "would-stop",
    },
  ];
}

function endingFacts(report: ReportModel): readonly Fact[] {
  const { ending, kind } = report;
  const { signatures, days } = ending;
  const section = "ending";
  return [
    ...(signatures === null
      ? []
      : [
          {
            label: `with a signature that ends within ${days} days`,
            value: count(signatures.length, "image"),
            section,
          },
        ]),
    ...(kind === "scan" ? [] : [exemptionsFact(ending, isPartly(report, SOURCE.orders))]),
  ];
}

/** What is not known is not counted as none. */
function exemptionsFact({ exemptions, orders, days }: Ending, isPart: boolean): Fact {
  const section = "ending";
  if (exemptions === null && orders === null) {
    return { label: `which exemptions end within ${days} days`, value: NOT_KNOWN, section };
  }
  const soon = [...(exemptions ?? []), ...(orders ?? [])].filter(
    ({ source, daysLeft }) => source !== "block" && daysLeft !== null && daysLeft >= 0 && daysLeft <= days,
  );
  const of = exemptions === null ? "of the moment " : orders === null ? "of the trust document " : "";
  const end = soon.length === 1 ? "ends" : "end";
  return {
    label: `${of}that ${end} within ${days} days`,
    value: `${isPart ? "at least " : ""}${count(soon.length, "exemption")}`,
    section,
  };
}

function coverageFacts({ coverage: { gate } }: ReportModel): readonly Fact[] {
  if (gate === null) return [];
  return [
    {
      label: "with the deployment gate",
      value: `${gate.gated} of ${count(gate.services, "service")}`,
      section: "coverage",
    },
  ];
}
