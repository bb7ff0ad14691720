import { randomUUID } from "node:crypto";
import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { claim, claimedBefore, claimWrite, doClaimed, type Once } from "./once";
import { windowAt } from "./stop-window";
import { type EntryKey, type LedgerTable, toKey, unlessRefused } from "./table";

/** The budgets that a stop is taken from. */
export interface StopBudget {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** Family of the task definition. */
  readonly family: string;
  /**
   * The maximum number of stops in the cluster within one window, at least 1. A family takes at most half, rounded up.
   */
  readonly stops: number;
}

/** Returns the stop that was taken, because it stopped nothing. */
export type GiveBack = () => Promise<void>;

/** The result of a stop. */
export type StopOnce =
  | Once
  /** The cluster's or the family's budget of this window is used up; no work is claimed. */
  | { readonly state: "over-budget" };

/** The task's entry that says in which window its stop was taken, so that it takes only one. */
const TAKEN = "stop-budget";

/**
 * Like `doOnce`, for work that stops a task: one transaction claims the work and takes one stop from the budgets of the
 * cluster and of the family. A task whose work failed before already has its stop. If the table cannot be reached, the
 * task is stopped anyway.
 */
export async function doStopOnce(
  table: LedgerTable,
  key: EntryKey,
  budget: StopBudget,
  work: (giveBack: GiveBack) => Promise<string>,
): Promise<StopOnce> {
  const owner = randomUUID();
  const claimed = await table.reached(() => claimStop(table, key, budget, owner));
  if (claimed === "unreached") return { state: "done", outcome: await work(async () => {}), now: true };
  if ("state" in claimed) return claimed;
  const { window } = claimed;
  return doClaimed(table, key, owner, () => work(() => giveBack(table, budget, window)));
}

/** This invocation claimed the work, and its stop was taken in this window. */
interface Claimed {
  readonly window: string;
}

async function claimStop(
  table: LedgerTable,
  key: EntryKey,
  budget: StopBudget,
  owner: string,
): Promise<StopOnce | Claimed> {
  const window = windowAt(table.now());
  try {
    await table.client.send(
      new TransactWriteItemsCommand({
        // With the token, a retry by the SDK after a lost response is the same transaction, not a second one.
        ClientRequestToken: randomUUID(),
        TransactItems: [
          { Update: claimWrite(table, key, owner) },
          { Update: takenWrite(table, key.task, window) },
          { Update: stopWrite(table, clusterKey(budget, window), budget.stops) },
          { Update: stopWrite(table, familyKey(budget, window), Math.ceil(budget.stops / 2)) },
        ],
      }),
    );
    return { window };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    // One per write, in the same order (API reference, TransactWriteItems).
    const [byClaim, byTaken, ...byBudgets] = error.CancellationReasons ?? [];
    if (isRefused(byClaim)) {
      const before = claimedBefore(byClaim?.Item, owner);
      return before === "claimed" ? { window } : before;
    }
    // While another write changes the task's own items, that may be the stop that has used up the budget.
    if (!isFree(byClaim) || (!isRefused(byTaken) && !isFree(byTaken))) throw error;
    if (isRefused(byTaken)) {
      const again = await claim(table, key, owner);
      return again === "claimed" ? { window: byTaken?.Item?.budgetWindow?.S ?? window } : again;
    }
    if (byBudgets.some(isRefused)) return { state: "over-budget" };
    throw error;
  }
}

/** The condition of this write was not met. */
function isRefused(reason: CancellationReason | undefined): boolean {
  return reason?.Code === "ConditionalCheckFailed";
}

/** Nothing prevented this write. */
function isFree(reason: CancellationReason | undefined): boolean {
  return reason?.Code === "None";
}

function takenWrite(table: LedgerTable, task: string, window: string) {
  return {
    TableName: table.name,
    Key: toKey({ task, entry: TAKEN }),
    UpdateExpression: "SET budgetWindow = :window, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(budgetWindow)",
    ExpressionAttributeValues: { ":window": { S: window }, ":expiresAt": table.expiresAt() },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  } as const;
}

function stopWrite(table: LedgerTable, key: EntryKey, most: number) {
  return {
    TableName: table.name,
    Key: toKey(key),
    UpdateExpression: "SET expiresAt = :expiresAt ADD stops :one",
    ConditionExpression: "attribute_not_exists(stops) OR stops < :most",
    ExpressionAttributeValues: {
      ":one": { N: "1" },
      ":most": { N: String(most) },
      ":expiresAt": table.expiresAt(),
    },
  };
}

/** A stop taken in a past window is not returned: that window's budget is no longer used. */
async function giveBack(table: LedgerTable, budget: StopBudget, window: string): Promise<void> {
  await Promise.all(
    [clusterKey(budget, window), familyKey(budget, window)].map((key) =>
      table.reached(() =>
        unlessRefused<unknown>(
          () =>
            table.client.send(
              new UpdateItemCommand({
                TableName: table.name,
                Key: toKey(key),
                UpdateExpression: "ADD stops :minusOne",
                ConditionExpression: "stops > :none",
                ExpressionAttributeValues: { ":minusOne": { N: "-1" }, ":none": { N: "0" } },
              }),
            ),
          () => undefined,
        ),
      ),
    ),
  );
}

function clusterKey({ cluster }: StopBudget, window: string): EntryKey {
  return { task: `budget#${cluster}`, entry: window };
}

function familyKey({ cluster, family }: StopBudget, window: string): EntryKey {
  return { task: `budget#${cluster}`, entry: `${window}#${family}` };
}
