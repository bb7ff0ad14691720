/** A query of CloudWatch Logs Insights that is kept with the environment. */
export interface SavedQuery {
  /** Names the resource; part of no other name. */
  readonly id: string;
  /** What people see in the console: without colons and asterisks, which the AWS provider refuses. */
  readonly title: string;
  /** Whose log it reads. */
  readonly logs: readonly QueriedLog[];
  readonly query: string;
}

/** Whose log a query reads. */
export type QueriedLog = "verifier" | "gate";

const VERDICTS = 'filter message = "Image Verdict"';
const WHERE = "verdict.cluster, verdict.service, verdict.family, verdict.container, verdict.image";

/**
 * The queries that somebody on call needs. Their fields are those of the log's lines: verifier/src/reporting/record-schema.ts
 * under `verdict`, order-news.ts under `order`.
 */
export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    id: "denied-by-service",
    title: "Denied by service",
    logs: ["verifier"],
    query: lines(
      `${VERDICTS} and verdict.status = "denied"`,
      `stats count_distinct(verdict.task) as tasks, latest(verdict.code) as code, latest(verdict.response) as response, latest(verdict.detail) as detail by ${WHERE}`,
      "sort tasks desc",
      "limit 100",
    ),
  },
  {
    id: "inconclusive-by-code",
    title: "Inconclusive by code",
    logs: ["verifier", "gate"],
    query: lines(
      `${VERDICTS} and verdict.status = "inconclusive"`,
      "stats count(*) as verdicts, count_distinct(verdict.image) as images, latest(verdict.detail) as detail by verdict.code, verdict.final",
      "sort verdicts desc",
    ),
  },
  {
    id: "slowest-verdicts",
    title: "Slowest verdicts on running tasks",
    logs: ["verifier"],
    query: lines(
      `fields @timestamp, sinceCreationMs, verdict.status, verdict.code, verdict.lastStatus, verdict.final, verdict.task, ${WHERE}`,
      `${VERDICTS} and ispresent(sinceCreationMs) and verdict.lastStatus != "STOPPED"`,
      "sort sinceCreationMs desc",
      "limit 50",
    ),
  },
  {
    id: "exposure",
    title: "Exposure, how long stopped tasks had been there",
    logs: ["verifier"],
    query: lines(
      `fields @timestamp, sinceCreationMs, verdict.code, verdict.response, verdict.task, ${WHERE}`,
      `${VERDICTS} and verdict.response in ["stopped", "rolled-back-and-stopped", "stopped-first-deployment"]`,
      "sort sinceCreationMs desc",
      "limit 100",
    ),
  },
  {
    id: "gate-refusals",
    title: "Deployments that the gate refused",
    logs: ["gate"],
    query: lines(
      `fields @timestamp, verdict.deployment, verdict.stage, verdict.code, verdict.detail, verdict.owner, ${WHERE}`,
      `${VERDICTS} and verdict.response in ["refused", "refused-first-deployment"]`,
      "sort @timestamp desc",
      "limit 100",
    ),
  },
  {
    id: "gate-passes",
    title: "Denied deployments that the gate let through",
    logs: ["gate"],
    query: lines(
      `fields @timestamp, verdict.response, verdict.deployment, verdict.code, verdict.order.id, verdict.order.reason, ${WHERE}`,
      `${VERDICTS} and verdict.response in ["already-running", "opened", "audited"]`,
      "sort @timestamp desc",
      "limit 100",
    ),
  },
  {
    id: "orders",
    title: "Break-glass exemptions that were used or have ended",
    logs: ["verifier", "gate"],
    query: lines(
      "fields @timestamp, order.event, order.use.order.id, order.use.order.owner, order.use.order.reason, order.use.order.until, order.use.image, order.use.task, order.use.without.code",
      'filter message = "Image Order"',
      "sort @timestamp desc",
      "limit 100",
    ),
  },
  {
    id: "one-image",
    title: "One image, replace DIGEST",
    logs: ["verifier", "gate"],
    query: lines(
      `fields @timestamp, verdict.status, verdict.code, verdict.response, verdict.signature.profileVersion, verdict.detail, verdict.task, verdict.deployment, ${WHERE}`,
      `${VERDICTS} and verdict.digest = "sha256:DIGEST"`,
      "sort @timestamp desc",
      "limit 200",
    ),
  },
  {
    id: "errors",
    title: "Errors and warnings",
    logs: ["verifier", "gate"],
    query: lines(
      "fields @timestamp, level, message, reason, error.message, @message",
      'filter level in ["ERROR", "WARN"] or @message like /Task timed out|Runtime exited/',
      "sort @timestamp desc",
      "limit 100",
    ),
  },
];

/** The denials and the final inconclusive verdicts, newest first: what the dashboard shows. */
export const NOT_TRUSTED_QUERY = lines(
  "fields @timestamp, verdict.status, verdict.code, verdict.response, verdict.cluster, verdict.service, verdict.family, verdict.image",
  `${VERDICTS} and verdict.status in ["denied", "inconclusive"]`,
  "sort @timestamp desc",
  "limit 20",
);

function lines(...parts: readonly string[]): string {
  return parts.join("\n| ");
}
