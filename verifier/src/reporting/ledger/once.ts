import { randomUUID } from "node:crypto";
import { type AttributeValue, DeleteItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type EntryKey, type LedgerTable, toKey, unlessRefused } from "./table";

/**
 * How long started work is reserved for the invocation that started it, in milliseconds. Less than the minute after
 * which Lambda retries a failed asynchronous invocation: the retry of an interrupted invocation finds the work free.
 */
const LEASE_MS = 50_000;

/** The result of work that is done once. */
export type Once =
  /** Done now or before, with its outcome. */
  | { readonly state: "done"; readonly outcome: string; readonly now: boolean }
  /** Another invocation is running it. */
  | { readonly state: "under-way" };

/**
 * Runs `work` unless the table says that it is done or in progress. One conditional write decides which caller runs it.
 */
export async function doOnce(table: LedgerTable, key: EntryKey, work: () => Promise<string>): Promise<Once> {
  const owner = randomUUID();
  const claimed = await table.reached(() => claim(table, key, owner));
  if (claimed === "unreached") return { state: "done", outcome: await work(), now: true };
  return claimed === "claimed" ? doClaimed(table, key, owner, work) : claimed;
}

/** Runs claimed work and stores its outcome. If it fails, the next caller may claim it. */
export async function doClaimed(
  table: LedgerTable,
  key: EntryKey,
  owner: string,
  work: () => Promise<string>,
): Promise<Once> {
  try {
    const outcome = await work();
    await complete(table, key, outcome);
    return { state: "done", outcome, now: true };
  } catch (error) {
    await release(table, key, owner);
    throw error;
  }
}

/** Claims work with one write. */
export function claim(table: LedgerTable, key: EntryKey, owner: string): Promise<Once | "claimed"> {
  return unlessRefused<Once | "claimed">(
    async () => {
      await table.client.send(new UpdateItemCommand(claimWrite(table, key, owner)));
      return "claimed";
    },
    (item) => claimedBefore(item, owner),
  );
}

/** The write that claims work, alone or in a transaction. */
export function claimWrite(table: LedgerTable, key: EntryKey, owner: string) {
  const now = table.now();
  return {
    TableName: table.name,
    Key: toKey(key),
    UpdateExpression: "SET progress = :working, leaseUntil = :until, leaseOwner = :owner, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(progress) OR (progress = :working AND leaseUntil < :now)",
    ExpressionAttributeValues: {
      ":working": { S: "working" },
      ":until": { N: String(now + LEASE_MS) },
      ":owner": { S: owner },
      ":now": { N: String(now) },
      ":expiresAt": table.expiresAt(),
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  } as const;
}

/** What the item says that prevented a claim. */
export function claimedBefore(item: Record<string, AttributeValue> | undefined, owner: string): Once | "claimed" {
  const outcome = item?.outcome?.S;
  if (outcome !== undefined) return { state: "done", outcome, now: false };
  // The SDK retries a write whose response was lost, and then finds its own claim.
  return item?.leaseOwner?.S === owner ? "claimed" : { state: "under-way" };
}

function complete(table: LedgerTable, key: EntryKey, outcome: string): Promise<unknown> {
  return table.reached(() =>
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toKey(key),
        UpdateExpression:
          "SET progress = :done, outcome = :outcome, expiresAt = :expiresAt REMOVE leaseUntil, leaseOwner",
        ExpressionAttributeValues: {
          ":done": { S: "done" },
          ":outcome": { S: outcome },
          ":expiresAt": table.expiresAt(),
        },
      }),
    ),
  );
}

function release(table: LedgerTable, key: EntryKey, owner: string): Promise<unknown> {
  return table.reached(() =>
    unlessRefused<unknown>(
      () =>
        table.client.send(
          new DeleteItemCommand({
            TableName: table.name,
            Key: toKey(key),
            ConditionExpression: "leaseOwner = :owner",
            ExpressionAttributeValues: { ":owner": { S: owner } },
          }),
        ),
      // The lease had expired and another invocation has started the work.
      () => undefined,
    ),
  );
}
