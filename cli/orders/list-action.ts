import { listOrders } from "../../automation/operations/orders/list-orders";
import type { OrderKind } from "../../verifier/src/orders/order";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { orderPlace, ordersQuestion } from "./deployed-orders";
import { listedText, orderJson, unreadableText } from "./order-text";

/** The options of `block list` and `exempt list`. */
export interface ListOptions extends DeployedOptions {
  readonly json?: true;
}

export const listBlocks = (options: ListOptions) => list("block", options);
export const listExemptions = (options: ListOptions) => list("exempt", options);

/** Prints the orders of a kind, the oldest first. */
async function list(kind: OrderKind, options: ListOptions): Promise<void> {
  const place = orderPlace(await deployedEnvironment(options));
  const { orders, unreadable } = await askAws(ordersQuestion(place), () => listOrders(place, [kind], Date.now()));
  for (const one of orders) {
    const line = options.json ? JSON.stringify({ ...orderJson(one.order), state: one.state }) : listedText(one);
    process.stdout.write(`${line}\n`);
  }
  if (orders.length === 0) {
    process.stderr.write(`No ${kind === "block" ? "blocks" : "exemptions"} in ${place.environment}.\n`);
  }
  if (unreadable > 0) process.stderr.write(`${unreadableText(unreadable)}\n`);
}
