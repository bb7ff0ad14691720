import type { Settings } from "../settings";
import type { Delivery } from "./delivery";
import type { Ledger } from "./ledger";
import type { LaunchMetrics } from "./metrics";
import type { VerdictRecord } from "./record-schema";

/** What verdicts are recorded and told with. */
export interface Reporter {
  readonly settings: Pick<Settings, "environment" | "mode">;
  /** Name of the log group that the log's lines are in. */
  readonly logGroup: string;
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  readonly metrics: LaunchMetrics;
  readonly log: VerdictLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Where the lines of the log go. */
export interface VerdictLog {
  verdict(record: VerdictRecord): void;
  failure(what: string, error: Error): void;
}
