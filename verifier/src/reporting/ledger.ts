import type { SignatureMemory } from "../verification/signature-memory";
import { type GroupNumber, groupNumber } from "./ledger/group-number";
import { doOnce, type Once } from "./ledger/once";
import { type LedgerOutcome, readOutcomes } from "./ledger/outcomes";
import { ledgerSignatures } from "./ledger/signatures";
import { doStopOnce, type GiveBack, type StopBudget, type StopOnce } from "./ledger/stop-once";
import { type LedgerOptions, ledgerTable } from "./ledger/table";
import { type LedgerVerdict, readVerdicts, rememberVerdict } from "./ledger/verdicts";

export type { GroupNumber } from "./ledger/group-number";
export type { Once } from "./ledger/once";
export type { LedgerOutcome } from "./ledger/outcomes";
export type { GiveBack, StopBudget, StopOnce } from "./ledger/stop-once";
export type { LedgerOptions } from "./ledger/table";
export type { LedgerVerdict } from "./ledger/verdicts";

/** Stores what was judged and done for each task, so that it happens once. */
export interface Ledger {
  /**
   * Runs `work` unless it is done already for this task and key, or another invocation is running it. The result is
   * stored. If `work` fails, this call fails too, and the next caller runs it. If the ledger cannot be reached, `work`
   * runs anyway.
   */
  once(task: string, key: string, work: () => Promise<string>): Promise<Once>;
  /** Like `once`, if the budget has a stop left; `work` may return the stop that it took. */
  stopOnce(
    task: string,
    key: string,
    budget: StopBudget,
    work: (giveBack: GiveBack) => Promise<string>,
  ): Promise<StopOnce>;
  /** Stores a verdict for later events. */
  remember(task: string, verdict: LedgerVerdict): Promise<void>;
  /** The stored verdicts for a task; none if the ledger cannot be reached. */
  verdictsOf(task: string): Promise<readonly LedgerVerdict[]>;
  /** What was done by `once` for this task, by keys with this beginning; none if the ledger cannot be reached. */
  outcomesOf(task: string, prefix: string): Promise<readonly LedgerOutcome[]>;
  /** Counts a member of a group; `undefined` if the ledger cannot be reached. */
  numberInGroup(group: string, member: string): Promise<GroupNumber | undefined>;
  /** Which signatures made an image trusted. */
  readonly signatures: SignatureMemory;
}

/**
 * Creates the ledger on a DynamoDB table with the keys `task` and `entry` (both strings) and the TTL attribute
 * `expiresAt`. Needs `dynamodb:UpdateItem` (a transaction of updates needs no other permission), `dynamodb:DeleteItem`
 * and `dynamodb:Query` on it.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const table = ledgerTable(options);
  return {
    once: (task, key, work) => doOnce(table, { task, entry: key }, work),
    stopOnce: (task, key, budget, work) => doStopOnce(table, { task, entry: key }, budget, work),
    remember: (task, verdict) => rememberVerdict(table, task, verdict),
    verdictsOf: (task) => readVerdicts(table, task),
    outcomesOf: (task, prefix) => readOutcomes(table, task, prefix),
    numberInGroup: (group, member) => groupNumber(table, group, member),
    signatures: ledgerSignatures(table, options.days),
  };
}
