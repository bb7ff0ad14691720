import { LRUCache } from "lru-cache";
import { describeAwsError } from "../aws-error";
import { isTooLong } from "./decide";
import { type Order, parseOrder, type WrittenOrder } from "./order";
import { selectOrders } from "./select";

/** How many digests are remembered with their orders, for times when the table cannot be read. */
const REMEMBERED_DIGESTS = 10_000;

/** Finds the valid orders of the moment: readable, allowed in this environment, and proven. */
export interface Orders {
  /**
   * The proven orders for a digest; the caller decides which are in force. Never rejects. If the table or KMS cannot be
   * reached, the orders that this process has read and proven before stay valid until their end.
   */
  of(digest: string): Promise<readonly Order[]>;
  /** The ids of all orders for a digest, proven or not; undefined if the table cannot be reached. */
  written(digest: string): Promise<ReadonlySet<string> | undefined>;
}

export interface OrdersOptions {
  /** All items for a digest, whoever wrote them. Rejects if they cannot be read. */
  readonly read: (digest: string) => Promise<readonly unknown[]>;
  /** Whether the proof of an order is valid in this environment. Rejects if KMS cannot be asked. */
  readonly isProven: (written: WrittenOrder) => Promise<boolean>;
  /** The maximum time of an exemption, in hours. 0: exemptions are ignored. */
  readonly exemptionHours: number;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Called for each item that is not a valid order in this environment. */
  readonly onRefused: (reason: string) => void;
  /** Called if the table or KMS cannot be reached. */
  readonly onUnavailable: (reason: string) => void;
}

export function createOrders(options: OrdersOptions): Orders {
  const { read, exemptionHours, onRefused, onUnavailable } = options;
  const known = new LRUCache<string, readonly Order[]>({ max: REMEMBERED_DIGESTS });

  async function provenOrder(written: WrittenOrder): Promise<Order | undefined> {
    const { order } = written;
    if (isTooLong(order, exemptionHours)) return refuse(`${order.id}: longer than ${exemptionHours} hours`);
    try {
      return (await options.isProven(written)) ? order : refuse(`${order.id}: its proof does not hold`);
    } catch (error) {
      onUnavailable(`the proof of ${order.id} could not be checked: ${describeAwsError(error)}`);
      return undefined;
    }
  }

  function refuse(reason: string): undefined {
    onRefused(reason);
  }

  return {
    async of(digest) {
      let items: readonly unknown[];
      try {
        items = await read(digest);
      } catch (error) {
        onUnavailable(`the orders about ${digest} could not be read: ${describeAwsError(error)}`);
        return known.get(digest) ?? [];
      }
      const { written, refused } = selectOrders(items, digest, { now: options.now(), exemptionHours });
      for (const reason of refused) onRefused(reason);
      const proven = await Promise.all(written.map(provenOrder));
      const orders = proven.filter((order) => order !== undefined);
      if (orders.length > 0) known.set(digest, orders);
      else known.delete(digest);
      return orders;
    },
    async written(digest) {
      const items = await read(digest).catch((error: unknown) => {
        onUnavailable(`the orders about ${digest} could not be read: ${describeAwsError(error)}`);
      });
      if (items === undefined) return undefined;
      const orders = items.map((item) => parseOrder(item, digest));
      return new Set(orders.flatMap((one) => (typeof one === "string" ? [] : [one.order.id])));
    },
  };
}
