import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from "../../verifier/src/reporting/public-names";
import { RUNBOOK } from "../../verifier/src/reporting/runbook";
import type { NotifiedStatus } from "./subscriptions";

/** How EventBridge turns an event into the body of a request. */
export interface InputTransformer {
  /** The path in the event of each variable of the template. */
  readonly inputPaths: Record<string, string>;
  /** JSON with variables in angle brackets. */
  readonly inputTemplate: string;
}

/**
 * What chats receive of an event, by its name in a template and its path in the event. EventBridge puts quotes around a value
 * that stands alone, but does not escape it ("EventBridge does not escape values extracted by Input Path", user guide,
 * "Common issues with transforming input"). A value that an event lacks is left out, which breaks the JSON. So only fields
 * are used that need no escaping and that every event matched by {@link verdictPattern} has: texts written for chats
 * (verifier/src/reporting/chat-text.ts), codes, times, and ARNs as verifier/src/ecs/arn.ts reads them.
 */
const FIELDS = {
  title: "$.detail.chat.title",
  image: "$.detail.chat.image",
  why: "$.detail.chat.why",
  where: "$.detail.chat.where",
  done: "$.detail.chat.done",
  next: "$.detail.chat.next",
  log: "$.detail.chat.log",
  code: "$.detail.code",
  // ARN of the task, or of the service deployment: no field of the record is there for both. Paths may have the index of an
  // array (user guide, "Amazon EventBridge input transformation").
  about: "$.resources[0]",
  judgedAt: "$.detail.judgedAt",
} as const;

type Field = keyof typeof FIELDS;

/**
 * Makes a template in which each field is a whole JSON value, or stands in a text of ours, where EventBridge inserts it
 * without quotes (API reference, InputTransformer).
 */
function transformer(template: (field: (name: Field) => string) => unknown): InputTransformer {
  const used = new Set<Field>();
  const mark = (name: Field) => {
    used.add(name);
    return `<${name}>`;
  };
  const text = JSON.stringify(template(mark));
  return {
    // Without the quotes, since EventBridge adds its own.
    inputTemplate: text.replace(/"(<\w+>)"/g, "$1"),
    inputPaths: Object.fromEntries([...used].map((name) => [name, FIELDS[name]])),
  };
}

/**
 * A message for an incoming webhook of Slack, in plain text: it cannot hold a mention, and its only links are to the log and
 * the runbook.
 *
 * @param runbookUrl URL of the runbook. Default: its path in this repository, as text.
 */
export function slackMessage(runbookUrl?: string): InputTransformer {
  return transformer((field) => {
    // The anchor of a code's section is the code itself.
    const runbook = `${runbookUrl ?? RUNBOOK}#${field("code")}`;
    const link = (url: string, text: string) => ({
      type: "rich_text_section",
      elements: [{ type: "link", url, text }],
    });
    const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
    const row = (label: string, name: Field) => ({ type: "section", fields: [plain(label), plain(field(name))] });
    return {
      text: field("title"),
      blocks: [
        { type: "header", text: plain(field("title")) },
        row("Image", "image"),
        row("Why", "why"),
        row("Where", "where"),
        row("Done", "done"),
        row("Next", "next"),
        ...(runbookUrl === undefined ? [{ type: "section", fields: [plain("Runbook"), plain(runbook)] }] : []),
        row("About", "about"),
        // A rich text link: Slack's markup needs angle brackets, which a template cannot hold, and a button needs an app.
        {
          type: "rich_text",
          elements: [
            link(field("log"), "The verdict in the log"),
            ...(runbookUrl === undefined ? [] : [link(runbook, "What to do: the runbook")]),
          ],
        },
      ],
    };
  });
}

/** Severity of an event in PagerDuty (Events API v2). */
export type Severity = "critical" | "error" | "warning" | "info";

/**
 * An event for PagerDuty's Events API v2. The connection adds the routing key. All verdicts on one task or deployment make one incident.
 *
 * @param runbookUrl URL of the runbook. Default: its path in this repository, as text.
 */
export function pagerDutyEvent(severity: Severity, runbookUrl?: string): InputTransformer {
  return transformer((field) => ({
    event_action: "trigger",
    dedup_key: field("about"),
    client: "ecs-image-verification",
    payload: {
      summary: field("title"),
      source: field("about"),
      severity,
      timestamp: field("judgedAt"),
      class: field("code"),
      custom_details: {
        image: field("image"),
        why: field("why"),
        where: field("where"),
        done: field("done"),
        next: field("next"),
        runbook: `${runbookUrl ?? RUNBOOK}#${field("code")}`,
      },
    },
    links: [
      { href: field("log"), text: "The verdict in the log" },
      ...(runbookUrl === undefined
        ? []
        : [{ href: `${runbookUrl}#${field("code")}`, text: "What to do: the runbook" }]),
    ],
  }));
}

/**
 * The event pattern for one environment's verdicts of the given statuses, as JSON. It matches only verdicts that people are
 * notified of: those have a count, and texts for chats. A bus may serve several environments.
 */
export function verdictPattern(environment: string, statuses: readonly NotifiedStatus[]): string {
  return JSON.stringify({
    source: [EVENT_SOURCE],
    "detail-type": [EVENT_DETAIL_TYPE],
    detail: { environment: [environment], status: statuses, count: [{ exists: true }] },
  });
}
