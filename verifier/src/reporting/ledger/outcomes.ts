import { type AttributeValue, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { LedgerTable } from "./table";

/** Work that was done once, with its outcome. */
export interface LedgerOutcome {
  readonly key: string;
  readonly outcome: string;
}

const itemSchema = z.object({
  entry: z.object({ S: z.string() }),
  /** Missing while the work is in progress. */
  outcome: z.object({ S: z.string() }).optional(),
});

/** What `once` has done for a task, by keys with this beginning; none if the table cannot be reached. */
export async function readOutcomes(
  table: LedgerTable,
  task: string,
  prefix: string,
): Promise<readonly LedgerOutcome[]> {
  const outcomes = await table.reached(async () => {
    const items: unknown[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: "task = :task AND begins_with(entry, :prefix)",
          ExpressionAttributeValues: { ":task": { S: task }, ":prefix": { S: prefix } },
          ConsistentRead: true,
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
      );
      items.push(...Items);
      next = LastEvaluatedKey;
    } while (next !== undefined);
    return z
      .array(itemSchema)
      .parse(items)
      .flatMap(({ entry, outcome }) => (outcome === undefined ? [] : [{ key: entry.S, outcome: outcome.S }]));
  });
  return outcomes === "unreached" ? [] : outcomes;
}
