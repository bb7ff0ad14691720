import { draftOrder, proveOrder, writeOrder } from "../../automation/operations/orders/give-order";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { isTooLong } from "../../verifier/src/orders/decide";
import type { OrderKind } from "../../verifier/src/orders/order";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { UsageError } from "../lib/errors";
import { orderPlace } from "./deployed-orders";
import { orderJson, orderText } from "./order-text";
import type { OrderedImage } from "./order-values";

/** The options of `block` and `exempt`. */
export interface GiveOptions extends DeployedOptions {
  readonly reason: string;
  /** In milliseconds. */
  readonly for?: number;
  readonly owner?: string;
  readonly json?: true;
}

export const giveBlock = (image: OrderedImage, options: GiveOptions) => give("block", image, options);
export const giveExemption = (image: OrderedImage, options: GiveOptions) => give("exempt", image, options);

/** Gives an order, from now on, and prints it. */
async function give(kind: OrderKind, ordered: OrderedImage, options: GiveOptions): Promise<void> {
  const place = orderPlace(await deployedEnvironment(options));
  const { environment, exemptionHours, keyArn, table } = place;
  const { owner, reason, for: forMs } = options;
  const order = draftOrder({ kind, ...ordered, reason, ...withoutUndefined({ owner, forMs }) }, new Date());
  if (isTooLong(order, exemptionHours)) {
    throw new UsageError(
      exemptionHours === 0
        ? `The environment ${environment} allows no break-glass exemptions (breakGlass: false). Sign the image, or exempt it in the trust document.`
        : `--for is longer than the ${exemptionHours} hours that the environment ${environment} allows (breakGlass.maxHours).`,
    );
  }
  const asking = `Proving the ${kind === "block" ? "block" : "exemption"} with the key`;
  const proof = await askAws(
    { asking, of: keyArn, action: `kms:Encrypt on it for environment ${environment} and kind ${kind}` },
    () => proveOrder(place, order),
  );
  await askAws({ asking: "Writing the order to the table", of: table, action: "dynamodb:PutItem on it" }, () =>
    writeOrder(place, order, proof),
  );
  process.stdout.write(`${options.json ? JSON.stringify(orderJson(order)) : orderText(order)}\n`);
  if (!options.json) process.stderr.write(`${whatFollows(kind, environment)}\n`);
}

function whatFollows(kind: OrderKind, environment: string): string {
  return kind === "block"
    ? `Blocked in ${environment} from the next launch on. Tasks that already run keep running: docs/orders.md says how to find and stop them.`
    : `Exempt in ${environment} from the next launch on. The recipients of alarms get a message about the first use and about the end.`;
}
