import type { ReportModel, Source } from "../../../automation/operations/report/report-model";
import { count } from "../../lib/count";
import { type Section, status, words } from "../document";

const STATES: Readonly<Record<Source["state"], string>> = {
  read: "read",
  partly: "NOT ALL READ",
  absent: "none here",
  failed: "NOT READ",
};

/** What the report is made from, what its words mean, and what it does not cover. */
export function aboutSection({ sources, kind, history }: ReportModel): Section {
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
      {
        title: "Statuses",
        columns: [{ name: "status" }, { name: "meaning", wrapTo: 30 }],
        rows: [
          [status("trusted"), words("A valid signature of everybody whom the trust document requires.")],
          [status("denied"), words("Not so. The reason code says why. Enforcing stops it; auditing only reports it.")],
          [
            status("inconclusive"),
            words(
              "It could not be found out, by a fault of the infrastructure: the registry or AWS Signer gave no answer.",
            ),
          ],
          [status("exempt"), words("An exemption lets it run for a time, or AWS has added the container.")],
        ],
        empty: "",
      },
      {
        title: "Made from",
        columns: [{ name: "source" }, { name: "state" }, { name: "what", wrapTo: 30 }],
        rows: sources.map(({ name, state, detail }) => [words(name), words(STATES[state]), words(detail)]),
        empty: "Nothing.",
      },
    ],
  };
}
