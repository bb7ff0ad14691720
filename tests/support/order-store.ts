import { createHmac } from "node:crypto";
import type { Order, WrittenOrder } from "../../verifier/src/orders/order";
import { createOrders, type Orders } from "../../verifier/src/orders/orders";
import { proofContext } from "../../verifier/src/orders/proof-context";
import { itemOf } from "./orders";

/** A stand-in for the table and the key of an environment's orders. What stands between them is real. */
export interface OrderStore {
  readonly orders: Orders;
  /** What was counted: `refused`, `unavailable`. */
  readonly counted: string[];
  /** Writes an order with the proof that the key would make in an environment for it, or for the order `proven`. */
  give(order: Order, environment?: string, proven?: Order): Order;
  /** Writes any item. */
  write(item: unknown): void;
  end(order: Order): void;
  /** Whether the table answers, from now on. */
  answer(does: boolean): void;
}

const KEY = "made up for the stand-in";

/** @param now The time of day by which orders end. */
export function orderStore(environment = "prod", now: () => number = Date.now): OrderStore {
  const items = new Set<unknown>();
  const counted: string[] = [];
  let answers = true;
  const prove = (order: Order, of: string) =>
    createHmac("sha256", KEY)
      .update(JSON.stringify(proofContext(order, of)))
      .digest();
  const about = (item: unknown, digest: string) => (item as { digest?: { S?: string } }).digest?.S === digest;
  const read = async (digest: string) => {
    if (!answers) throw new Error("the table does not answer");
    return [...items].filter((item) => about(item, digest));
  };
  const orders = createOrders({
    read,
    isProven: async ({ order, proof }: WrittenOrder) => prove(order, environment).equals(proof),
    exemptionHours: 8,
    now,
    onRefused: () => void counted.push("refused"),
    onUnavailable: () => void counted.push("unavailable"),
  });
  return {
    counted,
    orders,
    give(order, of = environment, proven = order) {
      items.add(itemOf(order, prove(proven, of)));
      return order;
    },
    write: (item) => void items.add(item),
    end({ id }) {
      for (const item of items) if ((item as { id?: { S?: string } }).id?.S === id) items.delete(item);
    },
    answer: (does) => {
      answers = does;
    },
  };
}
