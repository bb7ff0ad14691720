import { type Ending, firstToEnd, type ListedException } from "../../../automation/operations/report/ending";
import type { ReportModel } from "../../../automation/operations/report/report-model";
import { signerName } from "../../scan/signer-name";
import { type Cell, digest, given, number, type Section, type TableView, time, words } from "../document";
import { imageName } from "../image-name";
import { isPartly, isUnread, partlyLines, SOURCE } from "../source-names";
import { unknownRunningText } from "./running-section";

/** Signatures and exemptions that end. */
export function endingSection(report: ReportModel): Section {
  const { ending, account, kind, registry } = report;
  const { days, signatures } = ending;
  return {
    id: "ending",
    title: "What ends",
    text: [
      `When a signature or an exemption has ended, the image is denied at its next launch. Signatures are listed when they end within ${days} days.`,
      ...(signatures === null ? [`Which signatures end: ${unknownRunningText(report)}`] : []),
      ...(kind === "scan" ? [] : unknownExceptions(report)),
    ],
    tables: [
      ...(signatures === null
        ? []
        : [
            {
              title: "Signatures of running images",
              columns: [
                { name: "ends" },
                { name: "days left", align: "right" as const },
                { name: "repository", wrapTo: 24 },
                { name: "digest", leaveOut: 2 },
                { name: "containers", align: "right" as const },
                { name: "signed by", wrapTo: 12, leaveOut: 1 },
              ],
              rows: signatures.map((one) => [
                time(one.validUntil),
                number(one.daysLeft),
                given(imageName(one.repository ?? "-", registry), 300),
                digest(one.digest),
                number(one.containers),
                given(one.signers.map((profile) => signerName(profile, account ?? undefined)).join(", ") || "-"),
              ]),
              empty: `None ends within ${days} days.`,
            },
          ]),
      ...(kind === "scan" ? [] : [exceptionsView(ending, registry, isPartly(report, SOURCE.orders))]),
    ],
  };
}

const SOURCES: Readonly<Record<ListedException["source"], string>> = {
  "trust-document": "exemption, trust document",
  exempt: "exemption of the moment",
  block: "block",
};

/** Nothing stands in the table for what is not known. */
function unknownExceptions(report: ReportModel): readonly string[] {
  const { exemptions, orders } = report.ending;
  const partly = partlyLines(report, SOURCE.orders);
  const ofDocument = isUnread(report, SOURCE.exemptions)
    ? "Exemptions of the trust document are not known: they could not be read."
    : "Exemptions of the trust document are not known without the stack's file, which --stack NAME reads.";
  return [
    ...(exemptions === null ? [ofDocument] : []),
    ...(orders === null ? ["Exemptions and blocks of the moment are not known: they could not be read."] : []),
    ...partly,
  ];
}

function emptyText({ exemptions, orders }: Ending, isPart: boolean): string {
  if (isPart) return "There are none that could be read.";
  if (exemptions === null) return orders === null ? "Not known." : "There are none of the moment.";
  return orders === null ? "There are none in the trust document." : "There are none.";
}

function exceptionsView(ending: Ending, registry: string | null, isPart: boolean): TableView {
  const exceptions = firstToEnd([...(ending.exemptions ?? []), ...(ending.orders ?? [])]);
  return {
    title: "Exemptions, and blocks",
    columns: [
      { name: "what", wrapTo: 15 },
      { name: "state", wrapTo: 8 },
      { name: "ends" },
      { name: "days left", align: "right" },
      { name: "image", wrapTo: 18 },
      { name: "owner", wrapTo: 10, leaveOut: 2 },
      { name: "reason", wrapTo: 16, leaveOut: 3 },
      { name: "runs now", leaveOut: 1 },
    ],
    rows: exceptions.map((one) => [
      words(SOURCES[one.source]),
      stateOf(one),
      one.until === null ? words("no end") : time(one.until),
      number(one.daysLeft),
      given(imageName(one.image, registry), 400),
      given(one.owner),
      given(one.reason, 500),
      words(one.running === null ? "-" : one.running ? "yes" : "no"),
    ]),
    empty: emptyText(ending, isPart),
  };
}

function stateOf({ state, daysLeft }: ListedException): Cell {
  if (state === null) return words(daysLeft !== null && daysLeft < 0 ? "ENDED" : "in force");
  return words(state.replace("-", " "));
}
