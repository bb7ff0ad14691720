import { type Order, type OrderKind, parseOrder } from "../../../verifier/src/orders/order";
import { endItems } from "./end-items";
import type { OrderPlace } from "./order-place";

/**
 * Ends the orders of a kind for a digest by deleting them, and returns them. Orders that had already ended are deleted, too,
 * but not returned. Needs `dynamodb:Query` and `dynamodb:DeleteItem` on the table.
 */
export function endOrders(place: OrderPlace, kind: OrderKind, digest: string, now: number): Promise<readonly Order[]> {
  const parse = (item: unknown) => {
    const written = parseOrder(item, digest);
    return typeof written === "string" || written.order.kind !== kind ? undefined : written.order;
  };
  return endItems(place, digest, parse, now);
}
