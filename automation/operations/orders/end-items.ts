import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { isOver } from "../../../verifier/src/orders/decide";
import { readOrders } from "../../../verifier/src/orders/read-orders";
import { OPERATOR_LIMIT_MS } from "../../../verifier/src/orders/start";
import type { OrdersTablePlace } from "./order-place";

/**
 * Deletes the items with a key that `parse` reads, and returns those that had not ended yet. Needs `dynamodb:Query` and
 * `dynamodb:DeleteItem` on the table.
 */
export async function endItems<Item extends { readonly id: string; readonly until?: string }>(
  { dynamodb, table }: Pick<OrdersTablePlace, "dynamodb" | "table">,
  key: string,
  parse: (item: unknown) => Item | undefined,
  now: number,
): Promise<readonly Item[]> {
  const items = await readOrders({ client: dynamodb, table, limitMs: OPERATOR_LIMIT_MS })(key);
  const found = items.flatMap((item) => parse(item) ?? []);
  for (const { id } of found) {
    await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { digest: { S: key }, id: { S: id } } }));
  }
  return found.filter((one) => !isOver(one, now));
}
