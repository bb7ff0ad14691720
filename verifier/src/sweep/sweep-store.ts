import { type AttributeValue, type DynamoDBClient, paginateQuery, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";
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
 * `run` with the latest summary. What cannot be read is left out: a sweep of another version wrote it.
 *
 * @param which `run`: only those that this run has judged; default: all. `onUnreadable` is called for each that is left out.
 * @throws the errors of DynamoDB.
 */
export async function readSweptImages(
  table: SweepTable,
  which: { readonly run?: string; readonly onUnreadable?: () => void } = {},
): Promise<readonly SweptImage[]> {
  const images: SweptImage[] = [];
  for await (const item of queryAll(table, SWEPT_IMAGES, which.run)) {
    images.push(...readItems([item], sweptImageSchema, which.onUnreadable));
  }
  return images;
}

/** The summaries of the last sweeps, the newest first. What cannot be read is left out, as by {@link readSweptImages}. */
export async function readSweeps(
  { client, name }: SweepTable,
  most: number,
  onUnreadable?: () => void,
): Promise<readonly SweepSummary[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({ ...partition(name, SWEEPS), ScanIndexForward: false, Limit: most }),
  );
  return readItems(Items, sweepSummarySchema, onUnreadable);
}

function readItems<Value>(
  items: readonly Record<string, AttributeValue>[],
  schema: z.ZodType<Value>,
  onUnreadable?: () => void,
): readonly Value[] {
  const values: Value[] = [];
  for (const item of items) {
    const value = readItem(item, schema);
    if (value === undefined) onUnreadable?.();
    else values.push(value);
  }
  return values;
}

async function* queryAll({ client, name }: SweepTable, of: string, run?: string) {
  const query = { ...partition(name, of), ...(run === undefined ? {} : onlyOf(run, of)) };
  for await (const { Items = [] } of paginateQuery({ client }, query)) yield* Items;
}

function onlyOf(run: string, of: string) {
  return {
    FilterExpression: "run = :run",
    ExpressionAttributeValues: { ":task": { S: of }, ":run": { S: run } },
  };
}

function partition(TableName: string, of: string) {
  return {
    TableName,
    KeyConditionExpression: "task = :task",
    ExpressionAttributeValues: { ":task": { S: of } },
    ConsistentRead: true,
  };
}

/** The value of an item; undefined if it cannot be read. */
export function readItem<Value>(item: Record<string, AttributeValue>, schema: z.ZodType<Value>): Value | undefined {
  const json = itemSchema.safeParse(item).data?.json.S;
  return json === undefined ? undefined : schema.safeParse(parseJson(json)).data;
}

/** @throws an error if the value of an item cannot be read. */
export function parseItem<Value>(item: Record<string, AttributeValue>, schema: z.ZodType<Value>): Value {
  return schema.parse(JSON.parse(itemSchema.parse(item).json.S));
}
