import { randomUUID } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Order } from "../../verifier/src/orders/order";
import type { Orders } from "../../verifier/src/orders/orders";
import { DIGEST, EVENT_TIME } from "./launch-events";

export const HOUR_MS = 60 * 60_000;

/** So many hours after the time of the events. */
export const hoursLater = (hours: number) => new Date(EVENT_TIME.getTime() + hours * HOUR_MS).toISOString();

/** A block of the digest of the events, without an end. */
export function block(changes: Partial<Order> = {}): Order {
  return {
    kind: "block",
    id: randomUUID(),
    digest: DIGEST,
    image: "registry.example.com/team/app",
    from: hoursLater(-1),
    reason: "CVE-2026-1234 is exploited",
    ...changes,
  };
}

/** An exemption of the digest of the events, for four hours. */
export function exemption(changes: Partial<Order> = {}): Order {
  return block({
    kind: "exempt",
    from: hoursLater(0),
    until: hoursLater(4),
    owner: "payments",
    reason: "hotfix while signing is down",
    ...changes,
  });
}

/** An order as the table holds it. */
export function itemOf(order: Order, proof: Uint8Array = Buffer.from("proof")): Record<string, AttributeValue> {
  const { kind, id, digest, image, from, until, owner, reason } = order;
  const texts = withoutUndefined({ kind, id, digest, image, from, until, owner, reason });
  const attributes = Object.entries(texts).map(([name, S]) => [name, { S }]);
  return { ...Object.fromEntries(attributes), proof: { B: proof } };
}

/** Orders that are proven, in the memory of the test. */
export interface MemoryOrders extends Orders {
  give(order: Order): Order;
  end(order: Order): void;
}

export function memoryOrders(...given: readonly Order[]): MemoryOrders {
  const orders = new Map(given.map((order) => [order.id, order]));
  const about = (digest: string) => [...orders.values()].filter((order) => order.digest === digest);
  return {
    of: async (digest) => about(digest),
    written: async (digest) => new Set(about(digest).map(({ id }) => id)),
    give(order) {
      orders.set(order.id, order);
      return order;
    },
    end: ({ id }) => void orders.delete(id),
  };
}
