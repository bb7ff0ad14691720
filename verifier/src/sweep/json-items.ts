import {
  type AttributeValue,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { type EntryKey, type LedgerTable, toKey } from "../reporting/ledger/table";

/** Items of one BatchWriteItem (API reference). */
const PER_BATCH = 25;
const BATCH_ATTEMPTS = 8;

export type Item = Record<string, AttributeValue>;

/** Items of the ledger's table that hold a value as JSON. Every method rejects if the table cannot be reached. */
export interface JsonItems {
  /** The item that holds a value. */
  itemOf(key: EntryKey, value: object): Item;
  put(item: Item): Promise<void>;
  putAll(items: readonly Item[]): Promise<void>;
  get(key: EntryKey): Promise<Item | undefined>;
  /** The items of a partition whose entries begin so; with `only`, just that attribute of each. */
  query(task: string, prefix: string, only?: "entry"): AsyncGenerator<Item>;
  /** Makes another call to the table. */
  reach<Result>(call: () => Promise<Result>): Promise<Result>;
}

/** @param table One that throws where it cannot be reached (`refuseWithoutLedger`). */
export function jsonItems(table: LedgerTable, pause: (milliseconds: number) => Promise<unknown>): JsonItems {
  async function reach<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = await table.reached(call);
    if (result === "unreached") throw new Error("A sweep was given a table that hides what it cannot reach.");
    return result;
  }

  async function putBatch(batch: readonly Item[]): Promise<void> {
    let left: WriteRequest[] = batch.map((item) => ({ PutRequest: { Item: item } }));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      // DynamoDB gives back what was too much for it at the moment (API reference, BatchWriteItem).
      if (attempt > BATCH_ATTEMPTS) throw new Error(`The table ${table.name} does not take what a sweep has found.`);
      if (attempt > 1) await pause(Math.random() * 50 * 2 ** attempt);
      const command = new BatchWriteItemCommand({ RequestItems: { [table.name]: left } });
      const { UnprocessedItems = {} } = await reach(() => table.client.send(command));
      left = UnprocessedItems[table.name] ?? [];
    }
  }

  return {
    reach,
    itemOf: (key, value) => ({ ...toKey(key), json: { S: JSON.stringify(value) }, expiresAt: table.expiresAt() }),
    async put(item) {
      await reach(() => table.client.send(new PutItemCommand({ TableName: table.name, Item: item })));
    },
    async putAll(items) {
      for (let start = 0; start < items.length; start += PER_BATCH)
        await putBatch(items.slice(start, start + PER_BATCH));
    },
    async get(key) {
      const command = new GetItemCommand({ TableName: table.name, Key: toKey(key), ConsistentRead: true });
      return (await reach(() => table.client.send(command))).Item;
    },
    async *query(task, prefix, only) {
      let next: Item | undefined;
      do {
        const command: QueryCommand = new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: "task = :task AND begins_with(entry, :prefix)",
          ExpressionAttributeValues: { ":task": { S: task }, ":prefix": { S: prefix } },
          ConsistentRead: true,
          ...(only === undefined ? {} : { ProjectionExpression: only }),
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        });
        const { Items = [], LastEvaluatedKey } = await reach(() => table.client.send(command));
        yield* Items;
        next = LastEvaluatedKey;
      } while (next !== undefined);
    },
  };
}
