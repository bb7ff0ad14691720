import { isInForce, isOver, isTooLong } from "../../../verifier/src/orders/decide";
import { isOpeningKey } from "../../../verifier/src/orders/opening";
import { type Order, type OrderKind, parseOrder, type WrittenOrder } from "../../../verifier/src/orders/order";
import { checkProofs } from "../../../verifier/src/orders/proofs";
import { OPERATOR_LIMIT_MS } from "../../../verifier/src/orders/start";
import type { OrderPlace } from "./order-place";
import { scanTable } from "./scan-table";

/**
 * How the verifier treats an order now. `in-force`: it obeys it. `refused`: the order is too long, or not proven. `off`: the
 * environment allows no exemptions.
 */
export type OrderState = "in-force" | "ended" | "not-yet" | "refused" | "off";

export interface ListedOrder {
  readonly order: Order;
  readonly state: OrderState;
}

/** The orders that were asked for, and how many items of the table are no orders of any kind. */
export interface OrderList {
  readonly orders: readonly ListedOrder[];
  readonly unreadable: number;
}

/**
 * Lists the orders of these kinds, the oldest first, as the verifier sees them; those that have ended are kept for a while. Needs
 * `dynamodb:Scan` on the table and `kms:Decrypt` on the key. An environment has few orders, so the whole table is read.
 */
export async function listOrders(place: OrderPlace, kinds: readonly OrderKind[], now: number): Promise<OrderList> {
  const items = (await scanTable(place)).filter((item) => !isOpeningKey(item.digest?.S ?? ""));
  const read = items.map((item) => parseOrder(item, item.digest?.S ?? ""));
  const written = read.filter((one): one is WrittenOrder => typeof one !== "string");
  const isProven = checkProofs({ ...place, limitMs: OPERATOR_LIMIT_MS });
  const orders: ListedOrder[] = [];
  // One after the other: people give few, and whoever can write the table must not make KMS throttle us.
  for (const one of written) {
    if (!kinds.includes(one.order.kind)) continue;
    orders.push({ order: one.order, state: await findState(one, isProven, place, now) });
  }
  return {
    orders: orders.toSorted((one, other) => (one.order.from < other.order.from ? -1 : 1)),
    unreadable: read.length - written.length,
  };
}

/** Asks the key last, and only where its answer decides. */
async function findState(
  written: WrittenOrder,
  isProven: (written: WrittenOrder) => Promise<boolean>,
  { exemptionHours }: OrderPlace,
  now: number,
): Promise<OrderState> {
  const { order } = written;
  if (isOver(order, now)) return "ended";
  if (order.kind === "exempt" && exemptionHours === 0) return "off";
  if (isTooLong(order, exemptionHours) || !(await isProven(written))) return "refused";
  return isInForce(order, now) ? "in-force" : "not-yet";
}
