import { randomUUID } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type Order, parseOrder } from "../../../verifier/src/orders/order";
import { proofContext } from "../../../verifier/src/orders/proof-context";
import type { OrderPlace } from "./order-place";
import { makeProof, putItem, toItem } from "./write-item";

/** An order that is to be given from now on. */
export interface OrderDraft extends Pick<Order, "kind" | "digest" | "image" | "reason" | "owner"> {
  /** How long it is in force, in milliseconds. Default: without an end. */
  readonly forMs?: number;
}

/** The order of a draft, with an id of its own, that begins at `now`. */
export function draftOrder({ forMs, ...draft }: OrderDraft, now: Date): Order {
  const until = forMs === undefined ? undefined : new Date(now.getTime() + forMs).toISOString();
  return withoutUndefined({ ...draft, id: randomUUID(), from: now.toISOString(), until });
}

/** Has KMS prove an order. Needs `kms:Encrypt` on the key, for its environment and kind. */
export function proveOrder(place: OrderPlace, order: Order): Promise<Uint8Array> {
  return makeProof(place, { id: order.id, context: proofContext(order, place.environment) });
}

/** Writes an order with its proof. Needs `dynamodb:PutItem` on the table. */
export async function writeOrder(place: OrderPlace, order: Order, proof: Uint8Array): Promise<void> {
  const item = toItem({ ...order }, proof);
  const problem = parseOrder(item, order.digest);
  // The verifier would ignore an item that it cannot read.
  if (typeof problem === "string") throw new Error(`This is not a valid order: ${problem}`);
  await putItem(place, item);
}
