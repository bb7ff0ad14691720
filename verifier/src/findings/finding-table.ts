import { type AttributeValue, paginateQuery, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type EntryKey, type LedgerTable, toKey, unlessRefused } from "../reporting/ledger/table";
import type { FindingBody } from "./finding-body";
import type { FindingState, KnownFinding } from "./known-finding";

/** The partition of the ledger's table with the findings; the entry is a finding's id. */
export const FINDINGS = "findings";

/**
 * How long a finding is kept after its last change, in days, whatever the ledger's own time is. Longer than Security Hub keeps
 * one that is not updated (90 days: Security Hub user guide, "Creating and updating findings"); after that there is nothing left
 * to archive.
 */
const KEPT_DAYS = 120;

const STATES = ["active", "passed", "gone"] as const satisfies readonly FindingState[];

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const time = z.object({ N: z.string() }).transform(({ N }) => Number(N));

const itemSchema = z
  .object({
    entry: text,
    state: text.pipe(z.enum(STATES)),
    body: text,
    cluster: text,
    image: text,
    createdAt: time,
    updatedAt: time,
    observedAt: time.optional(),
    launchedAt: time.optional(),
    sentAt: time.optional(),
  })
  // A finding that an earlier version has written says only when it was changed.
  .transform(({ entry, body, observedAt, ...others }) =>
    withoutUndefined({ id: entry, body: parseBody(body), observedAt: observedAt ?? others.updatedAt, ...others }),
  );

/** The findings in the ledger's table. All calls share its rules: one that fails is counted, and gives `"unreached"`. */
export interface FindingTable {
  /** All findings, the archived ones as well. */
  readAll(): Promise<readonly KnownFinding[] | "unreached">;
  read(id: string): Promise<KnownFinding | undefined | "unreached">;
  /**
   * Writes a finding, unless it has changed since it was read.
   *
   * @param before The finding as it was read.
   */
  write(finding: KnownFinding, before: KnownFinding | undefined): Promise<"written" | "changed" | "unreached">;
  /** Notes that Security Hub has this state of the finding. One that has changed since stays unsent. */
  markSent(finding: KnownFinding): Promise<void>;
}

/** Needs `dynamodb:UpdateItem` and `dynamodb:Query`, as the rest of the ledger. */
export function createFindingTable(table: LedgerTable): FindingTable {
  return {
    async readAll() {
      return table.reached(async () => (await queryAll(table)).map((item) => itemSchema.parse(item)));
    },
    async read(id) {
      return table.reached(async () => {
        const { Items = [] } = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            KeyConditionExpression: "task = :task AND entry = :entry",
            ExpressionAttributeValues: { ":task": { S: FINDINGS }, ":entry": { S: id } },
            ConsistentRead: true,
          }),
        );
        return Items[0] === undefined ? undefined : itemSchema.parse(Items[0]);
      });
    },
    async write(finding, before) {
      return table.reached(() =>
        unlessRefused<"written" | "changed">(
          async () => {
            await table.client.send(new UpdateItemCommand(writeOf(table, finding, before)));
            return "written";
          },
          () => "changed",
        ),
      );
    },
    async markSent({ id, updatedAt }) {
      const at = { N: String(updatedAt) };
      await table.reached(() =>
        unlessRefused<unknown>(
          () =>
            table.client.send(
              new UpdateItemCommand({
                TableName: table.name,
                Key: toKey(keyOf(id)),
                UpdateExpression: "SET sentAt = :at",
                ConditionExpression: "updatedAt = :at",
                ExpressionAttributeValues: { ":at": at },
              }),
            ),
          () => undefined,
        ),
      );
    },
  };
}

function writeOf(table: LedgerTable, finding: KnownFinding, before: KnownFinding | undefined) {
  const { id, state, body, cluster, image, createdAt, updatedAt, observedAt, launchedAt } = finding;
  const values: Readonly<Record<string, AttributeValue>> = {
    state: { S: state },
    body: { S: JSON.stringify(body) },
    cluster: { S: cluster },
    image: { S: image },
    createdAt: { N: String(createdAt) },
    updatedAt: { N: String(updatedAt) },
    observedAt: { N: String(observedAt) },
    expiresAt: { N: String(Math.ceil(table.now() / 1000) + KEPT_DAYS * 86_400) },
    ...(launchedAt === undefined ? {} : { launchedAt: { N: String(launchedAt) } }),
  };
  const names = Object.keys(values);
  return {
    TableName: table.name,
    Key: toKey(keyOf(id)),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
    ConditionExpression: before === undefined ? "attribute_not_exists(entry)" : "#updatedAt = :before",
    // Some of these are reserved words of DynamoDB.
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
      ...(before === undefined ? {} : { ":before": { N: String(before.updatedAt) } }),
    },
  };
}

async function queryAll({ client, name }: LedgerTable): Promise<readonly Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  const query = {
    TableName: name,
    KeyConditionExpression: "task = :task",
    ExpressionAttributeValues: { ":task": { S: FINDINGS } },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items);
  return items;
}

function keyOf(id: string): EntryKey {
  return { task: FINDINGS, entry: id };
}

/** Written here as a whole; its id says that it is one. */
function parseBody(json: string): FindingBody {
  const bodySchema = z.custom<FindingBody>((value) => typeof (value as FindingBody | undefined)?.Id === "string");
  return bodySchema.parse(parseJson(json));
}
