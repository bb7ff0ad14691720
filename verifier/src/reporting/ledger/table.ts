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
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** How long entries are kept: TTL, which DynamoDB applies within a few days. In days. */
  readonly days: number;
  /** Told of each call that failed. */
  readonly onUnavailable: (reason: string) => void;
}

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
  /** What the call gives; `"unreached"` if it fails, and then `onUnavailable` is told. */
  reached<T>(call: () => Promise<T>): Promise<T | "unreached">;
}

/** Writes that meet on one item, such as a budget, are tried so many times, with pauses of at most so many milliseconds. */
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
 * Another write was at the same item, or the item was written too often. Of these the SDK repeats only
 * TransactionInProgressException, some few times (its list of what is throttling).
 */
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException || error instanceof TransactionInProgressException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.some(({ Code = "" }) => PASSING.has(Code)) ?? false;
}

/** Codes of the reasons for which a transaction is worth trying again (API reference, TransactWriteItems). */
const PASSING: ReadonlySet<string> = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

export function toKey({ task, entry }: EntryKey) {
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
