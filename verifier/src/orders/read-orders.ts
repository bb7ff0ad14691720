import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";

/** How long reading the orders about a digest may take, in milliseconds: a launch must not wait for it. */
const LIMIT_MS = 2000;

/** A page has up to 1 MB (API reference, Query): thousands of orders. */
const MOST_PAGES = 2;

export interface OrdersTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/**
 * Reads what the table has about a digest, consistently: an order counts from the moment it is written. Needs
 * `dynamodb:Query` on a table with the keys `digest` and `id` (both strings). Rejects if the table cannot be reached in
 * time.
 */
export function readOrders({ client, table }: OrdersTable): (digest: string) => Promise<readonly unknown[]> {
  return async (digest) => {
    const abortSignal = AbortSignal.timeout(LIMIT_MS);
    const items: unknown[] = [];
    let next: Record<string, AttributeValue> | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "digest = :digest",
          ExpressionAttributeValues: { ":digest": { S: digest } },
          ConsistentRead: true,
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
        { abortSignal },
      );
      items.push(...Items);
      next = LastEvaluatedKey;
      if (next === undefined) break;
    }
    return items;
  };
}
