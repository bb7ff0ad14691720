import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { type SweepSummary, sweepSummarySchema } from "./sweep-summary";
import { type SweptImage, sweptImageSchema } from "./swept-image";

/** The partition of the ledger's table with the last verdict on each image that a sweep found; the entry is the image's key. */
export const SWEPT_IMAGES = "swept-images";
/** The partition with the summary of each sweep; the entry is its run. */
export const SWEEPS = "sweeps";

/** How both are kept: as JSON in one attribute, beside `expiresAt`. */
const itemSchema = z.object({ json: z.object({ S: z.string() }) });

/** What is read of the table, and where. */
export interface SweepTable {
  readonly client: DynamoDBClient;
  /** Name of the ledger's table. */
  readonly name: string;
}

/**
 * The images that ran at the last sweep that judged each. One that runs no longer stays until the table forgets it, so compare
 * `run` with the latest summary.
 *
 * @throws the errors of DynamoDB, and an error for an item that cannot be read.
 */
export async function readSweptImages(table: SweepTable): Promise<readonly SweptImage[]> {
  const items = await queryAll(table, SWEPT_IMAGES);
  return items.map((item) => parseItem(item, sweptImageSchema));
}

/** The summaries of the last sweeps, the newest first. */
export async function readSweeps({ client, name }: SweepTable, most: number): Promise<readonly SweepSummary[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({ ...partition(name, SWEEPS), ScanIndexForward: false, Limit: most }),
  );
  return Items.map((item) => parseItem(item, sweepSummarySchema));
}

async function queryAll({ client, name }: SweepTable, of: string): Promise<readonly Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  let next: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...partition(name, of), ...(next === undefined ? {} : { ExclusiveStartKey: next }) }),
    );
    items.push(...Items);
    next = LastEvaluatedKey;
  } while (next !== undefined);
  return items;
}

function partition(TableName: string, of: string) {
  return {
    TableName,
    KeyConditionExpression: "task = :of",
    ExpressionAttributeValues: { ":of": { S: of } },
    ConsistentRead: true,
  };
}

export function parseItem<Value>(item: Record<string, AttributeValue>, schema: z.ZodType<Value>): Value {
  return schema.parse(JSON.parse(itemSchema.parse(item).json.S));
}
