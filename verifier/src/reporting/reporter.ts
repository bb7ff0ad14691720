import type { Settings } from "../baked-settings";
import type { CanaryTask } from "./canary";
import type { Delivery } from "./delivery";
import type { Ledger } from "./ledger";
import type { RecordMetrics } from "./metrics";
import type { OrderNews } from "./order-news";
import type { VerdictRecord } from "./record-schema";

/** What is needed to record and report verdicts. */
export interface Reporter {
  readonly settings: Pick<Settings, "environment" | "mode">;
  /** Name of the log group with the lines of the log. */
  readonly logGroup: string;
  /** URL of the runbook that messages link to. Default: its path in this repository. */
  readonly runbookUrl?: string | undefined;
  /** The canary's task, whose denial is told to nobody. Undefined without a canary. */
  readonly canary?: CanaryTask | undefined;
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  readonly metrics: RecordMetrics;
  readonly log: VerdictLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The destination of the log lines. */
export interface VerdictLog {
  verdict(record: VerdictRecord): void;
  /** The first use, or the end, of a break-glass exemption. */
  order(news: OrderNews): void;
  failure(what: string, error: Error): void;
}
