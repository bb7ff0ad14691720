import type { Order } from "../../verifier/src/orders/order";
import type { Orders } from "../../verifier/src/orders/orders";

/** Orders of the moment, kept in memory and taken for proven. On AWS they are in a table, and KMS proves them. */
export interface DemoOrders extends Orders {
  give(order: Order): void;
}

export function demoOrders(): DemoOrders {
  const orders: Order[] = [];
  const about = (digest: string) => orders.filter((order) => order.digest === digest);
  return {
    of: async (digest) => about(digest),
    written: async (digest) => new Set(about(digest).map(({ id }) => id)),
    give: (order) => void orders.push(order),
  };
}
