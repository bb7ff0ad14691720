import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import { describeAwsError } from "../../aws-error";

export interface LedgerOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** How long entries are kept, in days. DynamoDB deletes them by TTL, within a few days after that. */
  readonly days: number;
  /** Called for each call that failed. If it throws, so does the call. */
  readonly onUnavailable: (reason: string) => void;
}

/** The key of an item. */
export interface EntryKey {
  readonly task: string;
  readonly entry: string;
}

/** The ledger's table, and what all calls to it share. */
export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly now: () => number;
  /** The TTL of an item written now. */
  expiresAt(): { readonly N: string };
  /** The result of the call; `"unreached"` if it fails, after calling `onUnavailable`. */
  reached<T>(call: () => Promise<T>): Promise<T | "unreached">;
}

/**
 * Writes that conflict on one item, such as a budget, are tried this many times, with pauses of up to this many
 * milliseconds.
 */
const CONFLICT_ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 400;

export function ledgerTable({ client, table, now, pause, days, onUnavailable }: LedgerOptions): LedgerTable {
  async function withoutConflicts<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!isConflict(error) || attempt === CONFLICT_ATTEMPTS) throw error;
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * 2 ** attempt));
      }
    }
  }
  return {
    client,
    name: table,
    now,
    expiresAt: () => ({ N: String(Math.ceil(now() / 1000) + days * 86_400) }),
    async reached(call) {
      try {
        return await withoutConflicts(call);
      } catch (error) {
        onUnavailable(describeAwsError(error));
        return "unreached";
      }
    },
  };
}

/**
 * Another write changed the same item, or the item was written too often. Of these errors the SDK retries only
 * TransactionInProgressException, and only a few times (its list of throttling errors).
 */
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException || error instanceof TransactionInProgressException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.some(({ Code = "" }) => PASSING.has(Code)) ?? false;
}

/** Codes of the cancellation reasons for which a transaction is worth a retry (API reference, TransactWriteItems). */
const PASSING: ReadonlySet<string> = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

export function toKey({ task, entry }: EntryKey) {
  return { task: { S: task }, entry: { S: entry } };
}

/** The result of a conditional write; if the condition is not met, what `otherwise` makes of the existing item. */
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
