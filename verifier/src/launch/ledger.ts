import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { describeAwsError } from "../aws-error";

/** The window of the stop budget, in milliseconds. */
const BUDGET_WINDOW_MS = 10 * 60_000;

/**
 * How long work that has begun is left to whoever began it, in milliseconds. Less than the minute after which Lambda
 * repeats an asynchronous invocation that failed: whoever ended in the middle of it finds it free when tried again.
 */
const LEASE_MS = 50_000;

/** How a piece of work went that is done once. */
export type Once =
  /** Done now, or done before: with what it came to. */
  | { readonly state: "done"; readonly outcome: string; readonly now: boolean }
  /** Somebody else is at it. */
  | { readonly state: "under-way" };

/** A verdict that the ledger remembers: the last one for each container and digest. */
export interface LedgerVerdict {
  readonly container: string;
  readonly digest?: string;
  readonly provisional: boolean;
  readonly status: string;
  readonly code: string;
}

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
  /** Takes one stop from the cluster's budget. False: it is used up. */
  takeStop(cluster: string, budget: number): Promise<boolean>;
}

export interface LedgerOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  readonly days: number;
  /** Told of each call that failed. */
  readonly onUnavailable: (reason: string) => void;
}

const verdictItem = z.object({
  container: z.object({ S: z.string() }),
  digest: z.object({ S: z.string() }).optional(),
  provisional: z.object({ BOOL: z.boolean() }),
  verdict: z.object({ S: z.string() }),
  code: z.object({ S: z.string() }),
});

/**
 * Makes the ledger on a DynamoDB table with the keys `task` and `entry` (both strings) and the TTL attribute `expiresAt`.
 * One conditional write decides who does a piece of work.
 */
export function createLedger({ client, table, now, days, onUnavailable }: LedgerOptions): Ledger {
  const expiresAt = () => ({ N: String(Math.ceil(now() / 1000) + days * 86_400) });

  async function reached<T>(call: () => Promise<T>): Promise<T | "unreached"> {
    try {
      return await call();
    } catch (error) {
      onUnavailable(describeAwsError(error));
      return "unreached";
    }
  }

  function claim(task: string, entry: string, until: string): Promise<Once | "claimed" | "unreached"> {
    return reached(async () => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { task: { S: task }, entry: { S: entry } },
            UpdateExpression: "SET progress = :working, leaseUntil = :until, expiresAt = :expiresAt",
            ConditionExpression: "attribute_not_exists(progress) OR (progress = :working AND leaseUntil < :now)",
            ExpressionAttributeValues: {
              ":working": { S: "working" },
              ":until": { N: until },
              ":now": { N: String(now()) },
              ":expiresAt": expiresAt(),
            },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return "claimed";
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const outcome = error.Item?.outcome?.S;
        return outcome === undefined ? { state: "under-way" } : { state: "done", outcome, now: false };
      }
    });
  }

  function complete(task: string, entry: string, outcome: string): Promise<unknown> {
    return reached(() =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { task: { S: task }, entry: { S: entry } },
          UpdateExpression: "SET progress = :done, outcome = :outcome, expiresAt = :expiresAt REMOVE leaseUntil",
          ExpressionAttributeValues: {
            ":done": { S: "done" },
            ":outcome": { S: outcome },
            ":expiresAt": expiresAt(),
          },
        }),
      ),
    );
  }

  function release(task: string, entry: string, until: string): Promise<unknown> {
    return reached(async () => {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: { task: { S: task }, entry: { S: entry } },
            ConditionExpression: "leaseUntil = :until",
            ExpressionAttributeValues: { ":until": { N: until } },
          }),
        );
      } catch (error) {
        // The lease was over and somebody else has begun.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  return {
    async once(task, key, work) {
      const until = String(now() + LEASE_MS);
      const claimed = await claim(task, key, until);
      if (claimed === "unreached") return { state: "done", outcome: await work(), now: true };
      if (claimed !== "claimed") return claimed;
      try {
        const outcome = await work();
        await complete(task, key, outcome);
        return { state: "done", outcome, now: true };
      } catch (error) {
        await release(task, key, until);
        throw error;
      }
    },

    async remember(task, { container, digest, provisional, status, code }) {
      await reached(() =>
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { task: { S: task }, entry: { S: `container#${container}#${digest ?? ""}` } },
            UpdateExpression: [
              "SET container = :container, verdict = :verdict, code = :code, expiresAt = :expiresAt",
              // A verdict on the reported digest is not weakened by an earlier event that comes later.
              `provisional = ${provisional ? "if_not_exists(provisional, :provisional)" : ":provisional"}`,
              ...(digest === undefined ? [] : ["digest = :digest"]),
            ].join(", "),
            ExpressionAttributeValues: {
              ":container": { S: container },
              ":verdict": { S: status },
              ":code": { S: code },
              ":provisional": { BOOL: provisional },
              ":expiresAt": expiresAt(),
              ...(digest === undefined ? {} : { ":digest": { S: digest } }),
            },
          }),
        ),
      );
    },

    async verdictsOf(task) {
      const answer = await reached(() =>
        client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: "task = :task AND begins_with(entry, :prefix)",
            ExpressionAttributeValues: { ":task": { S: task }, ":prefix": { S: "container#" } },
            ConsistentRead: true,
          }),
        ),
      );
      if (answer === "unreached") return [];
      return z
        .array(verdictItem)
        .parse(answer.Items ?? [])
        .map(verdictOf);
    },

    async takeStop(cluster, budget) {
      if (budget === 0) return false;
      const window = Math.floor(now() / BUDGET_WINDOW_MS) * BUDGET_WINDOW_MS;
      const answer = await reached(async () => {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { task: { S: `budget#${cluster}` }, entry: { S: new Date(window).toISOString() } },
              UpdateExpression: "SET expiresAt = :expiresAt ADD stops :one",
              ConditionExpression: "attribute_not_exists(stops) OR stops < :budget",
              ExpressionAttributeValues: {
                ":one": { N: "1" },
                ":budget": { N: String(budget) },
                ":expiresAt": expiresAt(),
              },
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      });
      return answer === "unreached" || answer;
    },
  };
}

function verdictOf({ container, digest, provisional, verdict, code }: z.infer<typeof verdictItem>): LedgerVerdict {
  return {
    container: container.S,
    ...(digest === undefined ? {} : { digest: digest.S }),
    provisional: provisional.BOOL,
    status: verdict.S,
    code: code.S,
  };
}
