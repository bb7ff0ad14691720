import { withoutUndefined } from "../../trust/text/without-undefined";
import type { SweepMode } from "../../verifier/src/sweep/mode";
import { type CanaryTask, canaryVariables } from "../canary/canary-task";

/** What both functions of a sweep are told. */
export interface SweepVariables {
  readonly mode: SweepMode;
  /** ARNs of the watched clusters; every cluster if undefined. */
  readonly clusters?: readonly string[] | undefined;
  readonly queueUrl: string;
  readonly ledgerTable: string;
  readonly eventBusArn: string;
  readonly topicArn: string;
  readonly ordersTable: string;
  readonly ordersKeyArn: string;
  /** URL of the runbook that messages link to. */
  readonly runbookUrl?: string | undefined;
  /** Whether to make findings in Security Hub. */
  readonly findings?: boolean | undefined;
  /** The canary's task, which is not reported. */
  readonly canary?: CanaryTask<string> | undefined;
}

/**
 * The variables of both functions, as `readSweepEnvironment` reads them (verifier/src/sweep/environment.ts). A list of clusters that
 * fits the detector's event pattern leaves room for the rest within Lambda's limit; a test holds that.
 */
export function sweepVariables(facts: SweepVariables): Readonly<Record<string, string>> {
  return {
    LEDGER_TABLE: facts.ledgerTable,
    SWEEP_QUEUE_URL: facts.queueUrl,
    NOTIFICATION_TOPIC: facts.topicArn,
    EVENT_BUS: facts.eventBusArn,
    ORDERS_TABLE: facts.ordersTable,
    ORDERS_KEY_ARN: facts.ordersKeyArn,
    SWEEP_MODE: facts.mode,
    ...withoutUndefined({
      WATCHED_CLUSTERS: facts.clusters?.join(","),
      RUNBOOK_URL: facts.runbookUrl,
      FINDINGS: facts.findings ? "true" : undefined,
    }),
    ...canaryVariables(facts.canary),
  };
}
