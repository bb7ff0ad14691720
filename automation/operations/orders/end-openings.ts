import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { isOver } from "../../../verifier/src/orders/decide";
import { type Opening, openingKey, parseOpening } from "../../../verifier/src/orders/opening";
import { readOrders } from "../../../verifier/src/orders/read-orders";
import { OPERATOR_LIMIT_MS } from "../../../verifier/src/orders/start";
import type { OrdersTablePlace } from "./order-place";

/**
 * Ends the openings of the gate for a service, or those for every service, by deleting them, and returns them. Those that
 * had already ended are deleted, too, but not returned. Needs `dynamodb:Query` and `dynamodb:DeleteItem` on the table.
 *
 * @param service ARN of the service, or `EVERY_SERVICE`: an opening for every service is no opening of one of them.
 */
export async function endOpenings(
  { dynamodb, table }: Pick<OrdersTablePlace, "dynamodb" | "table">,
  service: string,
  now: number,
): Promise<readonly Opening[]> {
  const key = openingKey(service);
  const items = await readOrders({ client: dynamodb, table, limitMs: OPERATOR_LIMIT_MS })(key);
  const openings = items.flatMap((item) => {
    const written = parseOpening(item, service);
    return typeof written === "string" ? [] : [written.opening];
  });
  for (const { id } of openings) {
    await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { digest: { S: key }, id: { S: id } } }));
  }
  return openings.filter((opening) => !isOver(opening, now));
}
