import { z } from "zod";
import { type AwsAnswers, AwsRefusal } from "./aws-answers";
import { fulfils, type Item, itemSchema, updated } from "./dynamodb-expressions";

const keySchema = z.strictObject({ task: z.strictObject({ S: z.string() }), entry: z.strictObject({ S: z.string() }) });

const writeSchema = z.object({
  Key: keySchema,
  UpdateExpression: z.string().default(""),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: itemSchema.default({}),
  ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).default("NONE"),
});

const querySchema = z.object({
  KeyConditionExpression: z.literal("task = :task AND begins_with(entry, :prefix)"),
  ExpressionAttributeValues: z.strictObject({
    ":task": z.object({ S: z.string() }),
    ":prefix": z.object({ S: z.string() }),
  }),
});

type Key = z.infer<typeof keySchema>;
type Write = z.infer<typeof writeSchema>;

/** A table in memory, with the keys of the launch detector's ledger and as much of DynamoDB as the ledger uses. */
export function dynamodbTable(): AwsAnswers {
  const items = new Map<string, Item & Key>();
  return {
    "DynamoDB.UpdateItem": (input) => {
      const write = writeSchema.parse(input);
      const item = items.get(idOf(write)) ?? write.Key;
      check(write, items.get(idOf(write)));
      const changed = updated(item, write.UpdateExpression, write.ExpressionAttributeValues);
      items.set(idOf(write), { ...changed, ...write.Key });
      return {};
    },
    "DynamoDB.DeleteItem": (input) => {
      const write = writeSchema.parse(input);
      check(write, items.get(idOf(write)));
      items.delete(idOf(write));
      return {};
    },
    "DynamoDB.Query": (input) => {
      const { ":task": task, ":prefix": prefix } = querySchema.parse(input).ExpressionAttributeValues;
      const found = [...items.values()].filter((item) => item.task.S === task.S && item.entry.S.startsWith(prefix.S));
      return { Count: found.length, ScannedCount: found.length, Items: found };
    },
  };
}

function idOf({ Key: { task, entry } }: Write): string {
  return JSON.stringify([task.S, entry.S]);
}

function check(write: Write, item: Item | undefined): void {
  const { ConditionExpression: condition, ExpressionAttributeValues: values } = write;
  if (condition === undefined || fulfils(item ?? {}, condition, values)) return;
  const old = write.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && item !== undefined ? { Item: item } : {};
  throw new AwsRefusal("ConditionalCheckFailedException", "The conditional request failed", old);
}
