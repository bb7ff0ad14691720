import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type AwsAnswers, AwsRefusal } from "./aws-answers";
import { fulfils, type Item, itemSchema, updated } from "./dynamodb-expressions";

const keySchema = z.strictObject({ task: z.strictObject({ S: z.string() }), entry: z.strictObject({ S: z.string() }) });

const writeSchema = z.object({
  Key: keySchema,
  UpdateExpression: z.string().default(""),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: itemSchema.default({}),
  ReturnValues: z.enum(["ALL_NEW", "NONE"]).default("NONE"),
  ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).default("NONE"),
});

const keyedItemSchema = itemSchema.and(z.looseObject(keySchema.shape));

const putSchema = z.object({
  Item: keyedItemSchema,
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: itemSchema.default({}),
});

const transactionSchema = z.object({
  TransactItems: z.array(z.union([z.strictObject({ Update: writeSchema }), z.strictObject({ Put: putSchema })])),
});

const batchSchema = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ PutRequest: z.object({ Item: keyedItemSchema }) }))),
});

const querySchema = z.object({
  KeyConditionExpression: z.enum(["task = :task AND begins_with(entry, :prefix)", "task = :task"]),
  ExpressionAttributeValues: z.strictObject({
    ":task": z.object({ S: z.string() }),
    ":prefix": z.object({ S: z.string() }).default({ S: "" }),
    ":run": z.object({ S: z.string() }).optional(),
  }),
  FilterExpression: z.literal("run = :run").optional(),
  ScanIndexForward: z.boolean().default(true),
  Limit: z.int().optional(),
});

/** How the verifier reads orders of the moment, which are in another table. */
const ordersQuerySchema = z.object({ KeyConditionExpression: z.literal("digest = :digest") });

type Key = z.infer<typeof keySchema>;
type Put = z.infer<typeof putSchema>;
type Write = z.infer<typeof writeSchema> & Partial<Pick<Put, "Item">>;

/**
 * A table in memory with the keys of the ledger, and the parts of DynamoDB that the ledger uses. The table of orders is
 * empty.
 */
export function dynamodbTable(): AwsAnswers {
  const items = new Map<string, Item & Key>();
  const update = (write: Write) => {
    const item = items.get(formatId(write)) ?? write.Key;
    const changed = updated(item, write.UpdateExpression, write.ExpressionAttributeValues);
    items.set(formatId(write), { ...changed, ...write.Key });
    return items.get(formatId(write));
  };
  const put = (item: Put["Item"]) => {
    const { task, entry } = item;
    items.set(formatId({ Key: { task, entry } }), item);
  };
  return {
    "DynamoDB.UpdateItem": (input) => {
      const write = writeSchema.parse(input);
      check(write, items.get(formatId(write)));
      const item = update(write);
      return write.ReturnValues === "ALL_NEW" ? { Attributes: item } : {};
    },
    "DynamoDB.PutItem": (input) => {
      put(putSchema.parse(input).Item);
      return {};
    },
    "DynamoDB.BatchWriteItem": (input) => {
      for (const { PutRequest } of Object.values(batchSchema.parse(input).RequestItems).flat()) put(PutRequest.Item);
      return { UnprocessedItems: {} };
    },
    "DynamoDB.GetItem": (input) => {
      const item = items.get(formatId(z.object({ Key: keySchema }).parse(input)));
      return item === undefined ? {} : { Item: item };
    },
    "DynamoDB.TransactWriteItems": (input) => {
      const writes: readonly Write[] = transactionSchema
        .parse(input)
        .TransactItems.map((one) => ("Update" in one ? one.Update : toWrite(one.Put)));
      const reasons = writes.map((write) => refusal(write, items.get(formatId(write))));
      if (reasons.some((reason) => reason !== undefined)) {
        throw new AwsRefusal("TransactionCanceledException", "Transaction cancelled", {
          CancellationReasons: reasons.map((old) => (old === undefined ? NOT_REFUSED : { ...REFUSED, ...old })),
        });
      }
      for (const write of writes) {
        if (write.Item === undefined) update(write);
        else put(write.Item);
      }
      return {};
    },
    "DynamoDB.DeleteItem": (input) => {
      const write = writeSchema.parse(input);
      check(write, items.get(formatId(write)));
      items.delete(formatId(write));
      return {};
    },
    "DynamoDB.Query": (input) => {
      if (ordersQuerySchema.safeParse(input).success) return { Count: 0, ScannedCount: 0, Items: [] };
      const { ExpressionAttributeValues: values, ScanIndexForward: isForward, Limit: most } = querySchema.parse(input);
      const { ":task": task, ":prefix": prefix, ":run": run } = values;
      const found = [...items.values()]
        .filter((item) => item.task.S === task.S && item.entry.S.startsWith(prefix.S))
        .filter((item) => run === undefined || isDeepStrictEqual(item.run, run))
        .sort((one, other) => (one.entry.S < other.entry.S === isForward ? -1 : 1))
        .slice(0, most);
      return { Count: found.length, ScannedCount: found.length, Items: found };
    },
  };
}

/** A put is checked as an update is. */
function toWrite({ Item: item, ...condition }: Put): Write {
  const { task, entry } = item;
  return { ...writeSchema.parse({ Key: { task, entry }, ...condition }), Item: item };
}

function formatId({ Key: { task, entry } }: Pick<Write, "Key">): string {
  return JSON.stringify([task.S, entry.S]);
}

function check(write: Write, item: Item | undefined): void {
  const old = refusal(write, item);
  if (old !== undefined) throw new AwsRefusal("ConditionalCheckFailedException", "The conditional request failed", old);
}

/** For a write whose condition is not met: the existing item, if requested. */
function refusal(write: Write, item: Item | undefined): { readonly Item?: Item } | undefined {
  const { ConditionExpression: condition, ExpressionAttributeValues: values } = write;
  if (condition === undefined || fulfils(item ?? {}, condition, values)) return undefined;
  return write.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && item !== undefined ? { Item: item } : {};
}

const REFUSED = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
const NOT_REFUSED = { Code: "None" };
