import type { ReportModel, Source } from "../../../automation/operations/report/report-model";
import { count } from "../../lib/count";
import { type Section, words } from "../document";
import { codesHereView, statusesView, wordsView } from "./glossary";

const STATES: Readonly<Record<Source["state"], string>> = {
  read: "read",
  partly: "NOT ALL READ",
  absent: "not here",
  failed: "NOT READ",
};

/** What the report is made from, what its words mean, and what it does not cover. */
export function aboutSection(report: ReportModel): Section {
  const { sources, kind, history } = report;
  return {
    id: "about",
    title: "About this report",
    text: [
      "A verdict says whether an image is signed by somebody whom the environment's trust document lists. An image is judged by its digest, the one that runs.",
      "Not covered: containers that do not run in Amazon ECS, other accounts and regions, and what a trusted image does. Names of images, services, owners and task groups, and the reasons with which verdicts are explained, were written by others.",
      ...(kind === "scan"
        ? []
        : [
            "A sweep sees what runs at its time: what started and ended between two sweeps is in the log of launches alone. Lines that the log no longer keeps, or that were late, are missing.",
          ]),
      ...(history !== null && history.canaryVerdicts > 0
        ? [
            `Left out: ${count(history.canaryVerdicts, "verdict")} on the canary, whose image is unsigned so that its denial shows that everything works. Whatever else ran in its cluster is in the report.`,
          ]
        : []),
    ],
    tables: [
      statusesView(),
      ...(kind === "scan" ? [] : [wordsView()]),
      codesHereView(report),
      {
        title: "Made from",
        columns: [{ name: "source" }, { name: "state" }, { name: "what", wrapTo: 30 }],
        rows: sources.map(({ name, state, detail }) => [words(name), words(STATES[state]), words(detail)]),
        empty: "Nothing.",
      },
    ],
  };
}
