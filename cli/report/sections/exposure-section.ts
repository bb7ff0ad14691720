import type { Times } from "../../../automation/operations/report/exposure";
import type { ReportModel } from "../../../automation/operations/report/report-model";
import { lastPart } from "../../../verifier/src/ecs/arn";
import { count } from "../../lib/count";
import { duration, given, number, type Section, time, words } from "../document";
import { workloadText } from "../places";
import { missingHistoryLines, noHistoryText } from "../source-names";

/** How long what was denied was there. */
export function exposureSection(report: ReportModel): Section {
  const { exposure } = report;
  const section = { id: "exposure", title: "Exposure" };
  if (exposure === null) {
    return { ...section, text: [noHistoryText(report)], tables: [] };
  }
  const { toVerdict, toStop, notStopped } = exposure;
  const rows: readonly (readonly [string, Times | null])[] = [
    ["verdict", toVerdict],
    ["stop", toStop],
  ];
  return {
    ...section,
    text: [
      ...missingHistoryLines(report),
      "The time from ECS's creation of a task with a denied image until the verdict, and until the verifier had stopped the task. A container may have started in that time.",
      ...(notStopped > 0
        ? [
            `${count(notStopped, "denied task")} were not stopped by the verifier, and have no time of a stop: it only audits, or could not or must not stop them.`.replace(
              /^1 denied task were not stopped by the verifier, and have/,
              "1 denied task was not stopped by the verifier, and has",
            ),
          ]
        : []),
    ],
    tables: [
      {
        title: "From the task's creation to",
        columns: [
          { name: "until" },
          { name: "tasks", align: "right" },
          { name: "median", align: "right" },
          { name: "95 %", align: "right" },
          { name: "worst", align: "right" },
          { name: "worst in", wrapTo: 12, leaveOut: 1 },
          { name: "worst task", leaveOut: 3 },
          { name: "at", leaveOut: 2 },
        ],
        rows: rows.flatMap(([until, times]) => (times === null ? [] : [rowOf(until, times)])),
        empty: "No task was denied.",
      },
    ],
  };
}

function rowOf(until: string, { tasks, median, p95, worst, worstTask }: Times) {
  return [
    words(until),
    number(tasks),
    duration(median),
    duration(p95),
    duration(worst),
    given(workloadText(worstTask), 300),
    given(lastPart(worstTask.task), 40),
    time(worstTask.at),
  ];
}
