import { endOrders } from "../../automation/operations/orders/end-orders";
import type { OrderKind } from "../../verifier/src/orders/order";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { EXIT } from "../lib/exit-code";
import { orderPlace } from "./deployed-orders";
import { orderJson, orderText } from "./order-text";
import type { OrderedImage } from "./order-values";

/** The options of `block end` and `exempt end`. */
export interface EndOptions extends DeployedOptions {
  readonly json?: true;
}

export const endBlocks = (image: OrderedImage, options: EndOptions) => end("block", image, options);
export const endExemptions = (image: OrderedImage, options: EndOptions) => end("exempt", image, options);

/** Ends the orders of a kind for a digest, and prints them. */
async function end(kind: OrderKind, { digest }: OrderedImage, options: EndOptions): Promise<void> {
  const place = orderPlace(await deployedEnvironment(options));
  const question = {
    asking: "Ending the orders of the table",
    of: place.table,
    action: "dynamodb:Query and dynamodb:DeleteItem on it",
  };
  const ended = await askAws(question, () => endOrders(place, kind, digest, Date.now()));
  for (const order of ended) {
    process.stdout.write(`${options.json ? JSON.stringify(orderJson(order)) : orderText(order)}\n`);
  }
  const what = kind === "block" ? "block" : "exemption";
  if (ended.length === 0) {
    process.stderr.write(`There is no ${what} of ${digest} in ${place.environment}.\n`);
    process.exitCode = EXIT.denied;
    return;
  }
  process.stderr.write(`Ended in ${place.environment}, from the next launch on.\n`);
}
