import { type Opening, openingKey, parseOpening } from "../../../verifier/src/orders/opening";
import { endItems } from "./end-items";
import type { OrdersTablePlace } from "./order-place";

/**
 * Ends the openings of the gate for a service, or those for every service, by deleting them, and returns them. Those that
 * had already ended are deleted, too, but not returned. Needs `dynamodb:Query` and `dynamodb:DeleteItem` on the table.
 *
 * @param service ARN of the service, or `EVERY_SERVICE`: an opening for every service is no opening of one of them.
 */
export function endOpenings(
  place: Pick<OrdersTablePlace, "dynamodb" | "table">,
  service: string,
  now: number,
): Promise<readonly Opening[]> {
  const parse = (item: unknown) => {
    const written = parseOpening(item, service);
    return typeof written === "string" ? undefined : written.opening;
  };
  return endItems(place, openingKey(service), parse, now);
}
