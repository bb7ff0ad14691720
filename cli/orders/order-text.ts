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
export function orderText({ image, digest, from, until, owner, reason, id }: Order, state?: OrderState): string {
  const rows: readonly (readonly [string, string])[] = [
    ["from", from],
    ["until", until ?? "no end"],
    ["owner", owner ?? "none"],
    ["reason", printable(reason, 500)],
    ["order", id],
    ...(state === undefined ? [] : [["state", STATES[state]] as const]),
  ];
  return [printable(`${image}@${digest}`, 700), ...rows.map(([name, value]) => `  ${name.padEnd(7)} ${value}`)].join(
    "\n",
  );
}

export function listedText({ order, state }: ListedOrder): string {
  return orderText(order, state);
}
