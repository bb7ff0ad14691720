import type { ListedOrder, OrderState } from "../../automation/operations/orders/list-orders";
import type { Order } from "../../verifier/src/orders/order";
import { printable } from "../lib/printable";

const STATES: Readonly<Record<OrderState, string>> = {
  "in-force": "in force",
  ended: "ended",
  "not-yet": "not yet",
  refused: "REFUSED: too long or not proven",
  off: "ignored: no exemptions here",
};

/** An order for programs: every key is there. */
export function orderJson({ id, kind, digest, image, from, until, owner, reason }: Order) {
  return { id, kind, digest, image, from, until: until ?? null, owner: owner ?? null, reason };
}

/** An order as a few lines, for people. */
export function orderText(order: Order, state?: OrderState): string {
  const { image, digest } = order;
  return orderLines(printable(`${image}@${digest}`, 700), order, state && STATES[state]);
}

/** An order of any kind, below what it is about. */
export function orderLines(
  about: string,
  { from, until, owner, reason, id }: Pick<Order, "from" | "until" | "owner" | "reason" | "id">,
  state: string | undefined,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ["from", from],
    ["until", until ?? "no end"],
    ["owner", owner ?? "none"],
    ["reason", printable(reason, 500)],
    ["order", id],
    ...(state === undefined ? [] : [["state", state] as const]),
  ];
  return [about, ...rows.map(([name, value]) => `  ${name.padEnd(7)} ${value}`)].join("\n");
}

/** That some items of the table count for nothing. */
export function unreadableText(count: number): string {
  return `${count} ${count === 1 ? "item" : "items"} of the table cannot be read, and have no effect: docs/runbook.md#alarm-order-refused.`;
}

export function listedText({ order, state }: ListedOrder): string {
  return orderText(order, state);
}
