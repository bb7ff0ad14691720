import { lastPart } from "../ecs/arn";
import { logLink } from "./log-link";
import { nextStep } from "./next-step";
import { type ChatText, recordedArn, type VerdictRecord } from "./record-schema";

const TITLE_LIMIT = 150;
const TEXT_LIMIT = 1000;
/** Limit for names inside other text. */
const NAME_LIMIT = 40;
const WEEK_SECONDS = 7 * 86_400;

/** @param logGroup Name of the log group that the record's line is in. */
export function chatText(record: Omit<VerdictRecord, "chat">, logGroup: string): ChatText {
  const { image, digest, detail, done, responseError, code, region, subject } = record;
  const query = `filter message = "Image Verdict" and verdict.${subject} = "${recordedArn(record)}"\n| sort @timestamp desc`;
  return {
    title: safe(formatTitle(record), TITLE_LIMIT),
    image: safe(image || digest || "not reported"),
    why: safe(detail),
    where: safe(formatPlace(record)),
    done: safe(responseError === undefined ? done : `${done} ${responseError}`),
    next: safe(nextStep(code)),
    log: logLink({ region, logGroup, query, seconds: WEEK_SECONDS }),
  };
}

function formatTitle({ status, code, container, environment, count = 1 }: Omit<VerdictRecord, "chat">): string {
  const times = count === 1 ? "" : `, number ${count}`;
  return `${status} (${code}): container ${safe(container, NAME_LIMIT)} in ${safe(environment, NAME_LIMIT)}${times}`;
}

function formatPlace({ container, service, family, cluster, region, account }: Omit<VerdictRecord, "chat">): string {
  const of = service === undefined ? `family ${family}` : `service ${service}`;
  const clusterName = lastPart(cluster);
  return [`container ${container}`, of, `cluster ${clusterName}`, region, `account ${account}`]
    .map((part) => safe(part, 200))
    .join(", ");
}

/**
 * Text that is the same in JSON, in Slack's markup and unformatted: without double quotes, backslashes, angle brackets,
 * ampersands, line breaks, control characters and other invisible characters. Never empty, and limited in length.
 */
function safe(text: string, limit = TEXT_LIMIT): string {
  const clean = text
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .replaceAll('"', "'")
    .replace(/[\\<>&]/g, "?")
    .trim();
  if (clean === "") return "none";
  return clean.length <= limit ? clean : `${whole(clean.slice(0, limit - 3))}...`;
}

/** Removes half of a character at the end. */
function whole(text: string): string {
  return text.replace(/\p{Cs}$/u, "");
}
