import type { ReportModel } from "../../../automation/operations/report/report-model";
import { count } from "../../lib/count";
import { timeText } from "../../lib/time-text";
import { given, number, type Section, words } from "../document";
import { missingHistoryLines, noHistoryText } from "../source-names";
import { responseMeaning } from "./response-meaning";

/** What was judged in the last days, and what was done. */
export function historySection(report: ReportModel): Section {
  const { history } = report;
  const section = { id: "history", title: "Verdicts of the last days" };
  if (history === null) {
    return { ...section, text: [noHistoryText(report)], tables: [] };
  }
  const { since, until, byDay, responses, notFinal } = history;
  const align = "right" as const;
  return {
    ...section,
    text: [
      ...missingHistoryLines(report),
      `From ${timeText(since)} to ${timeText(until)}: the last verdict on each container of each task and deployment. Days are those of UTC.`,
      ...(notFinal > 0 ? [`${count(notFinal, "verdict")} not final yet: judged again.`] : []),
    ],
    charts: [{ kind: "days", title: "Verdicts by day and status", days: byDay }],
    tables: [
      {
        title: "By day",
        columns: [{ name: "day" }, ...["denied", "inconclusive", "exempt", "trusted"].map((name) => ({ name, align }))],
        rows: byDay.map(({ day, denied, inconclusive, exempt, trusted }) => [
          words(day),
          ...[denied, inconclusive, exempt, trusted].map(number),
        ]),
        empty: "Nothing was judged.",
      },
      {
        title: "What was done about what was not trusted",
        columns: [
          { name: "judged at" },
          { name: "response", wrapTo: 14 },
          { name: "tasks or deployments", align },
          { name: "what that means", wrapTo: 24 },
        ],
        rows: responses.map(({ point, response, subjects }) => [
          given(point, 40),
          given(response, 60),
          number(subjects),
          words(responseMeaning(response)),
        ]),
        empty: "Nothing but trusted or exempt images in what was read.",
      },
    ],
  };
}
