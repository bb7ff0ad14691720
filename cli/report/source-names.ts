import type { ReportModel, Source } from "../../automation/operations/report/report-model";

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

/** Whether something is missing in the report. */
export function isMissing({ state }: Source): boolean {
  return state === "failed" || state === "partly";
}

/** What is missing, for a reader who must not miss it. */
export function missingText({ name, state, detail }: Source): string {
  return `${state === "failed" ? "NOT READ" : "NOT ALL READ"}: ${name}. ${detail}`;
}

type SourceName = (typeof SOURCE)[keyof typeof SOURCE];

/** Whether a source could not be read. Otherwise what it would tell is not known because there is none. */
export function isUnread({ sources }: Pick<ReportModel, "sources">, source: SourceName): boolean {
  return sources.some(({ name, state }) => name === source && state === "failed");
}

/** Whether something of a source could not be read by this version. */
export function isPartly({ sources }: Pick<ReportModel, "sources">, source: SourceName): boolean {
  return sources.some(({ name, state }) => name === source && state === "partly");
}

/** What a source said that was read in part: a line for what is about it. */
export function partlyLines({ sources }: Pick<ReportModel, "sources">, ...wanted: readonly SourceName[]) {
  return sources
    .filter(({ name, state }) => state === "partly" && wanted.some((source) => source === name))
    .map(missingText);
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

/** Said where one of several logs of verdicts is missing, or something of it: one line for each. */
export function missingHistoryLines(report: Pick<ReportModel, "sources">): readonly string[] {
  const logs = [SOURCE.launches, SOURCE.deployments, SOURCE.swept];
  return [
    ...logs.flatMap((source) =>
      isUnread(report, source) ? [`NOT READ: ${source}. What they say is missing here.`] : [],
    ),
    ...partlyLines(report, ...logs),
  ];
}
