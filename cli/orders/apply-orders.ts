import { withOrders } from "../../verifier/src/orders/judge-with-orders";
import { startOrders } from "../../verifier/src/orders/start";
import type { Judge } from "../../verifier/src/verification/judge";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { printable } from "../lib/printable";
import { orderPlace } from "./deployed-orders";

/** Puts the orders of the environment that the options name around a judge, and says so; undefined if they name none. */
export async function chooseOrders(options: DeployedOptions): Promise<((judge: Judge) => Judge) | undefined> {
  if (options.stack === undefined && options.outputs === undefined) return undefined;
  const place = orderPlace(await deployedEnvironment(options));
  process.stderr.write(`With the orders of the moment of ${place.environment}.\n`);
  const orders = startOrders({
    ...place,
    onRefused: (reason) => process.stderr.write(`An order was refused: ${printable(reason)}.\n`),
    onUnavailable: (reason) =>
      process.stderr.write(`Judged without orders, which the environment may have: ${printable(reason, 500)}.\n`),
  });
  return (judge) => withOrders(judge, orders, Date.now);
}
