import type { ReportModel } from "../../automation/operations/report/report-model";

/** What a report is made from, as its readers see it. */
export const SOURCE = {
  sweep: "Sweep of what runs",
  launches: "Verdicts of the launch detector",
  deployments: "Verdicts of the deployment gate",
  swept: "Verdicts of the sweep",
  services: "Services and their hooks",
  orders: "Orders of the moment",
  /** The one that is not in AWS. */
  exemptions: "Exemptions of the trust document",
} as const;

type SourceName = (typeof SOURCE)[keyof typeof SOURCE];

/** Whether a source could not be read. Otherwise what it would tell is not known because there is none. */
export function isUnread({ sources }: Pick<ReportModel, "sources">, source: SourceName): boolean {
  return sources.some(({ name, state }) => name === source && state === "failed");
}

/** Whether the verdicts of the last days could not be read. */
export function areVerdictsUnread(report: Pick<ReportModel, "sources">): boolean {
  return [SOURCE.launches, SOURCE.deployments, SOURCE.swept].some((source) => isUnread(report, source));
}

/** Said where nothing is known of the last days. */
export function noHistoryText(report: Pick<ReportModel, "sources">): string {
  return areVerdictsUnread(report)
    ? "Not known: the verdicts of the last days could not be read."
    : "Not known: there is no log of the last days here.";
}

/** Said where one of several logs of verdicts is missing: one line for each. */
export function missingHistoryLines(report: Pick<ReportModel, "sources">): readonly string[] {
  return [SOURCE.launches, SOURCE.deployments, SOURCE.swept].flatMap((source) =>
    isUnread(report, source) ? [`NOT READ: ${source}. What they say is missing here.`] : [],
  );
}
