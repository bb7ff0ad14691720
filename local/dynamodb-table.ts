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

const transactionSchema = z.object({ TransactItems: z.array(z.strictObject({ Update: writeSchema })) });

const querySchema = z.object({
  KeyConditionExpression: z.literal("task = :task AND begins_with(entry, :prefix)"),
  ExpressionAttributeValues: z.strictObject({
    ":task": z.object({ S: z.string() }),
    ":prefix": z.object({ S: z.string() }),
  }),
});

/** How the verifier reads orders of the moment, which are in another table. */
const ordersQuerySchema = z.object({ KeyConditionExpression: z.literal("digest = :digest") });

type Key = z.infer<typeof keySchema>;
type Write = z.infer<typeof writeSchema>;

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
  return {
    "DynamoDB.UpdateItem": (input) => {
      const write = writeSchema.parse(input);
      check(write, items.get(formatId(write)));
      const item = update(write);
      return write.ReturnValues === "ALL_NEW" ? { Attributes: item } : {};
    },
    "DynamoDB.TransactWriteItems": (input) => {
      const writes = transactionSchema.parse(input).TransactItems.map(({ Update }) => Update);
      const reasons = writes.map((write) => refusal(write, items.get(formatId(write))));
      if (reasons.some((reason) => reason !== undefined)) {
        throw new AwsRefusal("TransactionCanceledException", "Transaction cancelled", {
          CancellationReasons: reasons.map((old) => (old === undefined ? NOT_REFUSED : { ...REFUSED, ...old })),
        });
      }
      for (const write of writes) update(write);
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
      const { ":task": task, ":prefix": prefix } = querySchema.parse(input).ExpressionAttributeValues;
      const found = [...items.values()].filter((item) => item.task.S === task.S && item.entry.S.startsWith(prefix.S));
      return { Count: found.length, ScannedCount: found.length, Items: found };
    },
  };
}

function formatId({ Key: { task, entry } }: Write): string {
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
