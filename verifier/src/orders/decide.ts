import type { OrderEvidence, Verdict } from "../verification/verdict";
import type { Order } from "./order";

/** How far the clock of the person who gives an order may be ahead of ours, in milliseconds. */
export const CLOCK_SKEW_MS = 5 * 60_000;

const HOUR_MS = 60 * 60_000;

/** Whether an order is valid at a time, in milliseconds since 1970, by the clock of the reader. */
export function isInForce(order: Pick<Order, "from" | "until">, now: number): boolean {
  return now >= Date.parse(order.from) - CLOCK_SKEW_MS && !isOver(order, now);
}

/** Whether an order has ended at a time, in milliseconds since 1970. */
export function isOver({ until }: Pick<Order, "until">, now: number): boolean {
  return until !== undefined && Date.parse(until) <= now;
}

/** Whether an exemption lasts longer than the environment allows. */
export function isTooLong({ kind, from, until }: Order, exemptionHours: number): boolean {
  if (kind !== "exempt") return false;
  return until === undefined || Date.parse(until) - Date.parse(from) > exemptionHours * HOUR_MS;
}

/** The block that is in force, if there is one: the one that ends last. */
export function findBlock(orders: readonly Order[], now: number): Order | undefined {
  return lastToEnd(orders.filter((order) => order.kind === "block" && isInForce(order, now)));
}

/**
 * The verdict with the orders that are in force: a block denies, regardless of the verdict. An exemption exempts an image
 * that is neither trusted nor exempt already, and the verdict says what it would be without the exemption.
 */
export function applyOrders(verdict: Verdict, orders: readonly Order[], now: number): Verdict {
  const block = findBlock(orders, now);
  if (block !== undefined) return blocked(verdict, block);
  const exemption = lastToEnd(orders.filter((order) => order.kind === "exempt" && isInForce(order, now)));
  if (exemption === undefined || verdict.status === "trusted" || verdict.status === "exempt") return verdict;
  return exempted(verdict, exemption);
}

/** The denial of a blocked digest. It has no signature: signatures do not matter for it. */
export function blocked(
  { reference, provisional, milliseconds }: Pick<Verdict, "reference" | "provisional" | "milliseconds">,
  order: Order,
): Verdict {
  const { from, until, owner, reason } = order;
  const by = owner === undefined ? "" : ` by ${owner}`;
  const end = until === undefined ? "" : ` until ${until}`;
  const detail = `blocked since ${from}${end}${by}: ${reason}`;
  return {
    status: "denied",
    code: "digest-blocked",
    detail,
    reference,
    digest: order.digest,
    provisional,
    order: toEvidence(order),
    milliseconds,
  };
}

/** The signatures that counted or were missing belong to the verdict that the exemption replaces, so they are left out. */
function exempted(before: Verdict, order: Order): Verdict {
  const { status, code, detail, counted: _counted, missing: _missing, ...verdict } = before;
  const { until, owner, reason } = order;
  return {
    ...verdict,
    status: "exempt",
    code: "exempted",
    detail: `exempted by an order of the moment until ${until} by ${owner}: ${reason}; without it: ${status} ${code}: ${detail}`,
    order: toEvidence(order),
    without: { status, code, detail },
  };
}

function toEvidence({ digest: _digest, image: _image, ...evidence }: Order): OrderEvidence {
  return evidence;
}

function lastToEnd(orders: readonly Order[]): Order | undefined {
  const end = ({ until }: Order) => (until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until));
  return orders.toSorted((one, other) => end(other) - end(one) || (one.id < other.id ? -1 : 1))[0];
}
