import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { isOver } from "../../../verifier/src/orders/decide";
import { type Order, type OrderKind, parseOrder } from "../../../verifier/src/orders/order";
import { readOrders } from "../../../verifier/src/orders/read-orders";
import { OPERATOR_LIMIT_MS } from "../../../verifier/src/orders/start";
import type { OrderPlace } from "./order-place";

/**
 * Ends the orders of a kind for a digest by deleting them, and returns them. Orders that had already ended are deleted, too,
 * but not returned. Needs `dynamodb:Query` and `dynamodb:DeleteItem` on the table.
 */
export async function endOrders(
  { dynamodb, table }: OrderPlace,
  kind: OrderKind,
  digest: string,
  now: number,
): Promise<readonly Order[]> {
  const items = await readOrders({ client: dynamodb, table, limitMs: OPERATOR_LIMIT_MS })(digest);
  const orders = items.flatMap((item) => {
    const written = parseOrder(item, digest);
    return typeof written === "string" || written.order.kind !== kind ? [] : [written.order];
  });
  for (const { id } of orders) {
    await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { digest: { S: digest }, id: { S: id } } }));
  }
  return orders.filter((order) => !isOver(order, now));
}
