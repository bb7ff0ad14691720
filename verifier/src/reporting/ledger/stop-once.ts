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

/** What a stop is taken from. */
export interface StopBudget {
  /** ARN of the cluster. */
  readonly cluster: string;
  /** Family of the task definition. */
  readonly family: string;
  /** The most stops in the cluster within one window: at least 1. One family takes at most half of it, rounded up. */
  readonly stops: number;
}

/** Gives the stop back that was taken: it stopped nothing. */
export type GiveBack = () => Promise<void>;

/** How a stop went. */
export type StopOnce =
  | Once
  /** The cluster's or the family's budget of this window is used up; nothing is claimed. */
  | { readonly state: "over-budget" };

/** The entry of a task that says in which window its stop was taken, so that none is taken twice. */
const TAKEN = "stop-budget";

/**
 * As `doOnce`, for work that stops a task: one transaction claims the work and takes one stop from the budgets of the
 * cluster and of the family. A task whose work failed has its stop already. An unreachable table is no reason not to stop.
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

/** The work is ours, and its stop was taken in this window. */
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
        // Repeated by the SDK after a lost answer, it is the same transaction and not a second one.
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
    // One for each write, in their order (API reference, TransactWriteItems).
    const [byClaim, byTaken, ...byBudgets] = error.CancellationReasons ?? [];
    if (isRefused(byClaim)) {
      const before = claimedBefore(byClaim?.Item, owner);
      return before === "claimed" ? { window } : before;
    }
    // As long as another write is at the task's own items it may be its stop that has used the budget up.
    if (!isFree(byClaim) || (!isRefused(byTaken) && !isFree(byTaken))) throw error;
    if (isRefused(byTaken)) {
      const again = await claim(table, key, owner);
      return again === "claimed" ? { window: byTaken?.Item?.budgetWindow?.S ?? window } : again;
    }
    if (byBudgets.some(isRefused)) return { state: "over-budget" };
    throw error;
  }
}

/** The condition of this write did not hold. */
function isRefused(reason: CancellationReason | undefined): boolean {
  return reason?.Code === "ConditionalCheckFailed";
}

/** Nothing was in the way of this write. */
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

/** What was taken in a window that is over is gone with it: there is nobody whom giving it back would help. */
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
