import type { ReportModel } from "../../../automation/operations/report/report-model";
import type { WhatIf } from "../../../automation/operations/report/what-if";
import { count } from "../../lib/count";
import { printable } from "../../lib/printable";
import { code, digest, given, number, type Section, status, type TableView } from "../document";
import { imageName } from "../image-name";
import { placesText, workloadText } from "../places";
import { noHistoryText } from "../source-names";
import { unknownRunningText } from "./running-section";

/** What another trust document would change. */
export function whatIfSection(whatIf: WhatIf, report: Pick<ReportModel, "registry" | "sources">): Section {
  const { registry } = report;
  const { file, images, changes, notJudged, deniedBefore } = whatIf;
  const denied = changes.filter(({ after }) => after.status === "denied").length;
  const freed = changes.filter(({ before, after }) => before.status === "denied" && after.status !== "denied").length;
  const still = deniedBefore?.filter(({ after }) => after.status === "denied").length ?? 0;
  return {
    id: "what-if",
    title: "What if this were the trust document",
    text: [
      `Everything below was judged again with ${printable(file)}, on the machine that made this report.`,
      images === null
        ? `What runs: ${unknownRunningText(report)} Nothing that runs was judged again.`
        : `Of ${count(images, "running image")}, ${denied} would be newly denied, and ${freed} no longer.`,
      ...(notJudged > 0
        ? [`${count(notJudged, "image")} that AWS adds or whose digest is not known kept the verdict.`]
        : []),
      deniedBefore === null
        ? `What was denied in the last days: ${noHistoryText(report)}`
        : `Denied in the last days: ${count(deniedBefore.length, "image")}, of which ${still} would still be denied.`,
    ],
    tables: [
      {
        title: "By service",
        columns: [
          { name: "service", wrapTo: 20 },
          { name: "newly denied", align: "right" },
          { name: "no longer denied", align: "right" },
        ],
        rows: whatIf.byWorkload.map((row) => [
          given(workloadText(row), 300),
          number(row.newlyDenied),
          number(row.noLongerDenied),
        ]),
        empty: "No service would change.",
      },
      changesView(whatIf, registry),
      deniedView(whatIf, registry),
    ],
  };
}

function changesView({ changes }: WhatIf, registry: string | null): TableView {
  return {
    title: "Running images with another status",
    columns: [
      { name: "now" },
      { name: "would be" },
      { name: "code", wrapTo: 12 },
      { name: "repository", wrapTo: 14 },
      { name: "digest", leaveOut: 1 },
      { name: "runs in", wrapTo: 12 },
      { name: "containers", align: "right" },
      { name: "why", onlyOnPage: true },
    ],
    rows: changes.map((change) => [
      status(change.before.status),
      status(change.after.status),
      code(change.after.code),
      given(imageName(change.repository ?? change.reference, registry), 300),
      digest(change.digest),
      given(placesText(change.places)),
      number(change.containers),
      given(change.detail, 500),
    ]),
    empty: "None.",
  };
}

function deniedView({ deniedBefore }: WhatIf, registry: string | null): TableView {
  return {
    title: "Denied in the last days",
    columns: [
      { name: "service", wrapTo: 16 },
      { name: "image", wrapTo: 24 },
      { name: "was", leaveOut: 1 },
      { name: "would be" },
      { name: "code" },
    ],
    rows: (deniedBefore ?? []).map((one) => [
      given(workloadText(one), 300),
      given(imageName(one.reference, registry), 300),
      code(one.before.code),
      status(one.after.status),
      code(one.after.code),
    ]),
    empty: "None.",
  };
}
