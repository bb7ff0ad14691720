import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { doOnce, type Once } from "./ledger/once";
import { returnStop, takeStop } from "./ledger/stop-budget";
import { ledgerTable } from "./ledger/table";
import { type LedgerVerdict, rememberVerdict, verdictsOf } from "./ledger/verdicts";

export type { Once } from "./ledger/once";
export type { LedgerVerdict } from "./ledger/verdicts";

/** Remembers what was judged and done for each task, so that it happens once. */
export interface Ledger {
  /**
   * Does `work` unless it was done before for this task and key, or is being done elsewhere. Its result is remembered.
   * If it fails, so does this, and whoever comes next does it. If the ledger cannot be reached, it is done all the same.
   */
  once(task: string, key: string, work: () => Promise<string>): Promise<Once>;
  /** Notes a verdict, for those that come later. */
  remember(task: string, verdict: LedgerVerdict): Promise<void>;
  /** The verdicts noted for a task; none if the ledger cannot be reached. */
  verdictsOf(task: string): Promise<readonly LedgerVerdict[]>;
  /** Takes one stop from the cluster's budget of these ten minutes. False: it is used up. */
  takeStop(cluster: string, budget: number): Promise<boolean>;
  /** Gives a stop back: the task had ended before. */
  returnStop(cluster: string): Promise<void>;
}

export interface LedgerOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** How long entries are kept: TTL, which DynamoDB applies within a few days. In days. */
  readonly days: number;
  /** Told of each call that failed. */
  readonly onUnavailable: (reason: string) => void;
}

/**
 * Makes the ledger on a DynamoDB table with the keys `task` and `entry` (both strings) and the TTL attribute `expiresAt`.
 * Needs `dynamodb:UpdateItem`, `dynamodb:DeleteItem` and `dynamodb:Query` on it.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const table = ledgerTable(options);
  return {
    once: (task, key, work) => doOnce(table, { task, entry: key }, work),
    remember: (task, verdict) => rememberVerdict(table, task, verdict),
    verdictsOf: (task) => verdictsOf(table, task),
    takeStop: (cluster, budget) => takeStop(table, cluster, budget),
    returnStop: (cluster) => returnStop(table, cluster),
  };
}
