import { formatPlace, formatRows, type Message, subjectLine } from "./message";
import type { OrderNews } from "./order-news";
import { runbookOfCode } from "./runbook";

/**
 * The message about the first use, or the end, of a break-glass exemption.
 *
 * @param page The runbook. Default: its path in this repository.
 */
export function formatOrderMessage({ event, use }: OrderNews, page?: string): Message {
  const { order, without, environment, container, image, digest, task } = use;
  const isFirst = event === "first-use";
  const command = `ecs-image-verification exempt end IMAGE@${digest}`;
  const rows: readonly (readonly [string, string])[] = [
    ["Image", image],
    ["Digest", digest],
    ["Where", formatPlace(use)],
    ["Owner", order.owner ?? "none"],
    ["Why", order.reason],
    ["Until", order.until ?? "no end"],
    ["Without", `${without.status} ${without.code}: ${without.detail}`],
    [
      "Next",
      isFirst
        ? `Sign the image, or deploy another one, before the exemption ends. To end it now: ${command}`
        : "This exemption no longer counts. Tasks that run already keep running.",
    ],
    ["Runbook", runbookOfCode("exempted", page)],
    [task.includes(":service-deployment/") ? "Deployment" : "Task", task],
    ["Order", `${order.id}; CloudTrail (kms:Encrypt) says who gave it`],
  ];
  const title = isFirst ? "EXEMPTION IN USE" : "EXEMPTION ENDED";
  return {
    subject: subjectLine(`${title}: ${container} in ${environment}`),
    text: formatRows(`${title}: an order of the moment`, rows),
  };
}
