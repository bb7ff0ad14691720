import { TransactionCanceledException, TransactWriteItemsCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { type LedgerTable, toKey, unlessRefused } from "../reporting/ledger/table";
import { type JsonItems, jsonItems } from "./json-items";
import {
  type ClusterState,
  clusterStateSchema,
  type ImagePart,
  imagePartSchema,
  type RunState,
  runStateSchema,
} from "./run-state";
import { parseItem, readItem, SWEEPS, SWEPT_IMAGES } from "./sweep-store";
import type { SweepSummary } from "./sweep-summary";
import { type SweptImage, sweptImageSchema } from "./swept-image";

/** What the places in one item may take, in bytes: an item can have 400 KB. */
const BYTES_PER_ITEM = 200_000;

const RUN = "run";
const CLUSTER = "cluster#";
const IMAGE = "image#";
/** What is known across runs. It is kept without an end. */
const CURRENT = { task: "sweep-state", entry: "current" };

/** The run that was begun last, and when the first one was. */
export interface CurrentRun {
  readonly run: string;
  readonly watchedSince: string;
}

/** How many images of a run are judged. */
export interface Progress {
  /** Undefined until all clusters are read. */
  readonly total: number | undefined;
  readonly done: number;
}

/**
 * The state of sweeps in the ledger's table, that of each in the partition `sweep#<run>`. Each write can be repeated, so what
 * an ended invocation has begun the next one does again. Every method rejects if the table cannot be reached.
 */
export interface RunStore {
  readCurrent(): Promise<CurrentRun | undefined>;
  /** Stores a run and its clusters. */
  begin(state: RunState, clusters: readonly string[]): Promise<void>;
  readRun(run: string): Promise<RunState | undefined>;
  readClusters(run: string): Promise<readonly ClusterState[]>;
  /** Stores how far a cluster has been read, unless it has been read to the end. */
  saveCluster(run: string, cluster: ClusterState): Promise<void>;
  /** Stores what runs in a part of a cluster. */
  savePart(run: string, cluster: string, part: number, images: ReadonlyMap<string, ImagePart>): Promise<void>;
  /** The keys of all images that run. */
  readImageKeys(run: string): Promise<readonly string[]>;
  /** What runs of an image. */
  readImage(run: string, key: string): Promise<readonly ImagePart[]>;
  /** Stores how many images there are to judge. */
  setTotal(run: string, total: number): Promise<void>;
  readProgress(run: string): Promise<Progress>;
  /** What the sweep before knew of an image, if it can be read. */
  recall(key: string): Promise<SweptImage | undefined>;
  /** Stores what is known of an image, and counts it as judged, once a run. A later run has precedence. */
  remember(image: SweptImage): Promise<void>;
  saveSummary(summary: SweepSummary): Promise<void>;
}

/** Needs the actions on items of the ledger's table: Query, GetItem, PutItem, UpdateItem, BatchWriteItem. */
export function createRunStore(table: LedgerTable, pause: (milliseconds: number) => Promise<unknown>): RunStore {
  const items = jsonItems(table, pause);
  const { name: TableName, client } = table;
  const of = (run: string) => `sweep#${run}`;
  const runKey = (run: string) => ({ task: of(run), entry: RUN });

  return {
    async readCurrent() {
      const item = await items.get(CURRENT);
      const [run, watchedSince] = [item?.run?.S, item?.watchedSince?.S];
      return run === undefined || watchedSince === undefined ? undefined : { run, watchedSince };
    },
    async begin(state, clusters) {
      const { run, watchedSince } = state;
      const opened = clusters.map(
        (arn): ClusterState => ({ arn, state: "open", parts: 0, tasks: 0, containers: 0, failures: 0 }),
      );
      await items.putAll(opened.map((one) => items.itemOf({ task: of(run), entry: `${CLUSTER}${one.arn}` }, one)));
      // After its clusters: a run that is there has them.
      await items.put(items.itemOf(runKey(run), state));
      await items.put({ ...toKey(CURRENT), run: { S: run }, watchedSince: { S: watchedSince } });
    },
    async readRun(run) {
      const item = await items.get(runKey(run));
      return item === undefined ? undefined : parseItem(item, runStateSchema);
    },
    readClusters: (run) => readAll(items.query(of(run), CLUSTER), clusterStateSchema),
    saveCluster: (run, cluster) =>
      items.reach(() =>
        unlessRefused(
          async () => {
            await client.send(
              new UpdateItemCommand({
                TableName,
                Key: toKey({ task: of(run), entry: `${CLUSTER}${cluster.arn}` }),
                UpdateExpression: "SET json = :json, expiresAt = :expiresAt, isRead = :isRead",
                ConditionExpression: "attribute_not_exists(isRead) OR isRead = :no",
                ExpressionAttributeValues: {
                  ":json": { S: JSON.stringify(cluster) },
                  ":expiresAt": table.expiresAt(),
                  ":isRead": { BOOL: cluster.state === "read" },
                  ":no": { BOOL: false },
                },
              }),
            );
          },
          // Another invocation of the same run has read it.
          () => undefined,
        ),
      ),
    savePart: (run, cluster, part, images) => items.putAll(partItems(items, of(run), `${cluster}#${part}`, images)),
    async readImageKeys(run) {
      const keys = new Set<string>();
      for await (const { entry } of items.query(of(run), IMAGE, "entry")) keys.add(entry?.S?.split("#")[1] ?? "");
      return [...keys];
    },
    readImage: (run, key) => readAll(items.query(of(run), `${IMAGE}${key}#`), imagePartSchema),
    async setTotal(run, total) {
      const command = new UpdateItemCommand({
        TableName,
        Key: toKey(runKey(run)),
        UpdateExpression: "SET imageCount = if_not_exists(imageCount, :total)",
        ExpressionAttributeValues: { ":total": { N: String(total) } },
      });
      await items.reach(() => client.send(command));
    },
    async readProgress(run) {
      const item = await items.get(runKey(run));
      const [total, done] = [item?.imageCount?.N, item?.judgedCount?.N];
      return { total: total === undefined ? undefined : Number(total), done: Number(done ?? 0) };
    },
    async recall(key) {
      const item = await items.get({ task: SWEPT_IMAGES, entry: key });
      return item === undefined ? undefined : readItem(item, sweptImageSchema);
    },
    async remember(image) {
      const { key, run } = image;
      const command = new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName,
              Item: { ...items.itemOf({ task: SWEPT_IMAGES, entry: key }, image), run: { S: run } },
              ConditionExpression: "attribute_not_exists(run) OR run < :run",
              ExpressionAttributeValues: { ":run": { S: run } },
            },
          },
          {
            Update: {
              TableName,
              Key: toKey(runKey(run)),
              UpdateExpression: "ADD judgedCount :one",
              ExpressionAttributeValues: { ":one": { N: "1" } },
            },
          },
        ],
      });
      await items.reach(() => unlessCounted(() => client.send(command)));
    },
    saveSummary: (summary) => items.put(items.itemOf({ task: SWEEPS, entry: summary.run }, summary)),
  };
}

/** Two invocations of the same run that read the same part write the same items. */
function partItems(items: JsonItems, task: string, part: string, images: ReadonlyMap<string, ImagePart>) {
  return [...images].flatMap(([key, image]) =>
    inChunks(image.places).map((places, chunk) =>
      items.itemOf({ task, entry: `${IMAGE}${key}#${part}#${chunk}` }, { ...image, places }),
    ),
  );
}

function inChunks<Place>(places: readonly Place[]): readonly (readonly Place[])[] {
  const chunks: Place[][] = [];
  let bytes = BYTES_PER_ITEM;
  for (const place of places) {
    const size = Buffer.byteLength(JSON.stringify(place));
    bytes += size;
    if (bytes > BYTES_PER_ITEM) {
      chunks.push([]);
      bytes = size;
    }
    chunks.at(-1)?.push(place);
  }
  return chunks;
}

async function readAll<Value>(
  found: ReturnType<JsonItems["query"]>,
  schema: z.ZodType<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for await (const item of found) values.push(parseItem(item, schema));
  return values;
}

/** The condition of the first write says that the image has been counted in this run, or in a later one. */
async function unlessCounted(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const isCounted =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
    if (!isCounted) throw error;
  }
}
