import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";

/** A page has up to 1 MB (API reference, Query): thousands of orders. */
const MOST_PAGES = 2;

export interface OrdersTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** How long reading may take, in milliseconds. */
  readonly limitMs: number;
  /** Called if the table has more than is read. Default: everything is read. */
  readonly onCut?: (reason: string) => void;
}

/**
 * Reads the items for a digest, with a consistent read: an order applies as soon as it is written. Needs
 * `dynamodb:Query` on a table with the keys `digest` and `id` (both strings). Rejects if the table cannot be reached in
 * time.
 */
export function readOrders({
  client,
  table,
  limitMs,
  onCut,
}: OrdersTable): (digest: string) => Promise<readonly unknown[]> {
  return async (digest) => {
    const abortSignal = AbortSignal.timeout(limitMs);
    const items: unknown[] = [];
    let next: Record<string, AttributeValue> | undefined;
    for (let page = 0; onCut === undefined || page < MOST_PAGES; page += 1) {
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
      if (next === undefined) return items;
    }
    onCut?.(`more than ${MOST_PAGES} MB of items about one digest`);
    return items;
  };
}
