import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { OrdersTablePlace } from "./order-place";

/** All items of the table of orders, with a consistent read. Needs `dynamodb:Scan` on it. */
export async function scanTable({
  dynamodb,
  table,
}: Pick<OrdersTablePlace, "dynamodb" | "table">): Promise<readonly Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  let next: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(next === undefined ? {} : { ExclusiveStartKey: next }),
      }),
    );
    items.push(...Items);
    next = LastEvaluatedKey;
  } while (next !== undefined);
  return items;
}
