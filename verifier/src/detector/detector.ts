import type { SubjectsContext } from "../ecs/subjects";
import type { Delivery } from "../reporting/delivery";
import type { Ledger } from "../reporting/ledger";
import type { LaunchMetrics } from "../reporting/metrics";
import type { VerdictRecord } from "../reporting/record";
import type { Settings } from "../settings";
import type { Judge } from "../verification/judge";
import type { Postpone } from "./postpone";
import type { Responder } from "./respond";

/** What the launch detector works with. */
export interface LaunchDetector {
  readonly settings: Settings;
  /** Name of the log group that the log's lines are in. */
  readonly logGroup: string;
  readonly judge: Judge;
  readonly subjects: SubjectsContext;
  readonly respond: Responder;
  readonly ledger: Ledger;
  readonly postpone: Postpone;
  readonly delivery: Delivery;
  readonly metrics: LaunchMetrics;
  readonly log: LaunchLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Where the lines of the log go. */
export interface LaunchLog {
  verdict(record: VerdictRecord): void;
  failure(what: string, error: Error): void;
}
