import { formatRows, type Message, subjectLine } from "../reporting/message";
import { STATUSES } from "../verification/verdict";
import type { SweepSummary } from "./sweep-summary";

/** The message after the first sweep of an environment: all that runs, in one message. */
export function formatFirstSweep(environment: string, summary: SweepSummary): Message {
  const { containers, judged, tasks, clusters, images, byCode, unread } = summary;
  const statuses = STATUSES.flatMap((status) => {
    const codes = byCode.filter((one) => one.status === status);
    if (codes.length === 0) return [];
    const running = codes.reduce((sum, one) => sum + one.containers, 0);
    const parts = codes.map((one) => `${one.code} ${one.containers} (${count(one.images, "image")})`);
    return [[capital(status), `${count(running, "container")}: ${parts.join(", ")}`] as const];
  });
  const [first] = unread;
  const rows: readonly (readonly [string, string])[] = [
    [
      "What",
      `${count(containers, "container")} of ${count(tasks, "task")} in ${count(clusters, "cluster")} run ${count(images, "image")}; ${judged} judged`,
    ],
    ...statuses,
    ...(first === undefined
      ? []
      : [
          [
            "Not read",
            `${count(unread.length + (summary.moreUnread ?? 0), "cluster")}: ${first.place}: ${first.error}`,
          ] as const,
        ]),
    ["Done", "Nothing: the first sweep only tells. From the next one on, messages tell what has changed"],
    ["Next", "ecs-image-verification report --stack STACK shows each image and where it runs"],
  ];
  return {
    subject: subjectLine(`FIRST SWEEP of ${environment}: ${containers} containers, ${judged} judged`),
    text: formatRows("FIRST SWEEP: this is what runs", rows),
  };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
