import type { ReportModel } from "../../automation/operations/report/report-model";
import { printable } from "../lib/printable";
import { timeText } from "../lib/time-text";
import type { ReportDocument } from "./document";
import { aboutSection } from "./sections/about-section";
import { coverageSection } from "./sections/coverage-section";
import { endingSection } from "./sections/ending-section";
import { exposureSection } from "./sections/exposure-section";
import { historySection } from "./sections/history-section";
import { runningSection } from "./sections/running-section";
import { summarySection } from "./sections/summary-section";
import { whatIfSection } from "./sections/what-if-section";
import { wouldStopSection } from "./sections/would-stop-section";

/** A report in words and tables. What a scan cannot know is left out. */
export function describeReport(report: ReportModel): ReportDocument {
  const { environment, kind, whatIf } = report;
  const history = [exposureSection, historySection];
  const sections = [
    summarySection(report),
    runningSection(report),
    ...(kind === "environment" ? [wouldStopSection(report)] : []),
    ...(whatIf === null ? [] : [whatIfSection(whatIf, report)]),
    ...(kind === "environment" ? [coverageSection(report)] : []),
    endingSection(report),
    ...(kind === "environment" ? history.map((describe) => describe(report)) : []),
    aboutSection(report),
  ];
  return {
    title: environment === null ? "Images that run" : `Images of the environment ${printable(environment, 100)}`,
    subtitle: subtitleOf(report),
    sections,
  };
}

function subtitleOf({ madeAt, account, regions, mode, gateMode }: ReportModel): string {
  return [
    `made at ${timeText(madeAt)}`,
    ...(account === null ? [] : [`account ${account}`]),
    regions.join(", "),
    ...(mode === null ? [] : [`launches: ${mode}`]),
    ...(gateMode === null ? [] : [`deployments: ${gateMode}`]),
  ].join(" · ");
}
