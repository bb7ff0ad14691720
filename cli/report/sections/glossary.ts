import type { ReportModel } from "../../../automation/operations/report/report-model";
import { nextStep } from "../../../verifier/src/reporting/next-step";
import { runbookOfCode } from "../../../verifier/src/reporting/runbook";
import { REASON_CODES, toStatus } from "../../../verifier/src/verification/verdict";
import { code, given, status, type TableView, words } from "../document";

/** The statuses, each for itself. */
export function statusesView(): TableView {
  return {
    title: "Statuses",
    columns: [{ name: "status" }, { name: "meaning", wrapTo: 30 }],
    rows: [
      [status("trusted"), words("The image has a valid signature of everybody whom the trust document requires.")],
      [
        status("denied"),
        words(
          "The image has no such signature, or something else is against it: the reason code says what. Enforcing stops it; auditing only reports it.",
        ),
      ],
      [
        status("inconclusive"),
        words(
          "It could not be found out, by a fault of the infrastructure: the registry or AWS Signer gave no answer.",
        ),
      ],
      [status("exempt"), words("An exemption lets it run for a time, or AWS has added the container.")],
    ],
    empty: "",
  };
}

/** The words of this report that a reader may not know. */
export function wordsView(): TableView {
  const rows = [
    [
      "launch detector",
      "judges each task that Amazon ECS starts, from ECS's event. With enforce it stops a denied task.",
    ],
    ["deployment gate", "judges each deployment of a service before it begins. With enforce it refuses a denied one."],
    ["sweep", "reads every few hours what runs, and judges it again: a signature may have been revoked or have ended."],
    ["audit, enforce", "what detector, gate and sweep do about what is denied: only report it, or stop it."],
    [
      "order of the moment",
      "an exemption or a block that somebody with the right to do so gave, without a deployment.",
    ],
    ["canary", "a task with an unsigned image that is started on purpose, to see that it is denied."],
  ] as const;
  return {
    title: "Words",
    columns: [{ name: "word" }, { name: "meaning", wrapTo: 30 }],
    rows: rows.map(([word, meaning]) => [words(word), words(meaning)]),
    empty: "",
  };
}

/** The reason codes of this report but for that of a trusted image, with what to do about each. */
export function codesHereView(report: ReportModel): TableView {
  const { running, wouldStop, whatIf, runbook } = report;
  const here = new Set([
    ...(running?.byCode ?? []).map((row) => row.code),
    ...[...(wouldStop?.rows ?? []), ...(wouldStop?.undecided ?? [])].map((row) => row.code),
    ...(whatIf?.changes ?? []).flatMap(({ before, after }) => [before.code, after.code]),
    ...(whatIf?.deniedBefore ?? []).flatMap(({ before, after }) => [before.code, after.code]),
  ]);
  return {
    title: "Reason codes in this report",
    columns: [
      { name: "status" },
      { name: "code", wrapTo: 16 },
      { name: "what to do", wrapTo: 24 },
      { name: "more about it", wrapTo: 20, leaveOut: 1 },
    ],
    rows: REASON_CODES.filter((one) => here.has(one) && toStatus(one) !== "trusted").map((one) => [
      status(toStatus(one)),
      code(one),
      words(nextStep(one)),
      given(runbookOfCode(one, runbook ?? undefined), 300),
    ]),
    empty: "None of what was read.",
  };
}
