import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describeAwsError } from "../../aws-error";
import type { LedgerOptions } from "../ledger";

/** The key of an item. */
export interface EntryKey {
  readonly task: string;
  readonly entry: string;
}

/** The ledger's table, and what all its calls have in common. */
export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly now: () => number;
  /** The TTL of what is written now. */
  expiresAt(): { readonly N: string };
  /** What the call gives; `"unreached"`, and a word to whom it concerns, if it fails. */
  reached<T>(call: () => Promise<T>): Promise<T | "unreached">;
}

export function ledgerTable({ client, table, now, days, onUnavailable }: LedgerOptions): LedgerTable {
  return {
    client,
    name: table,
    now,
    expiresAt: () => ({ N: String(Math.ceil(now() / 1000) + days * 86_400) }),
    async reached(call) {
      try {
        return await call();
      } catch (error) {
        onUnavailable(describeAwsError(error));
        return "unreached";
      }
    },
  };
}

export function keyOf({ task, entry }: EntryKey) {
  return { task: { S: task }, entry: { S: entry } };
}

/** What a conditional write gives; if the condition does not hold, what `otherwise` makes of the item there is. */
export async function unlessRefused<T>(
  write: () => Promise<T>,
  otherwise: (item: ConditionalCheckFailedException["Item"]) => T,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return otherwise(error.Item);
    throw error;
  }
}
