import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { listOrders } from "../../automation/operations/orders/list-orders";
import type { ReportFacts } from "../../automation/operations/report/build-report";
import { ORDER_KINDS } from "../../verifier/src/orders/order";
import { count } from "../lib/count";
import { ordersQuestion, ordersTablePlace } from "../orders/deployed-orders";
import { SOURCE } from "./source-names";
import { type SourceReader, withUnreadable } from "./source-reader";

/** The blocks and exemptions of the moment; undefined if they could not be read. */
export async function readOrders(
  outputs: EnvironmentOutputs,
  now: Date,
  reader: SourceReader,
): Promise<ReportFacts["orders"]> {
  const name = SOURCE.orders;
  const place = ordersTablePlace(outputs);
  if (place === undefined) {
    reader.absent(name, "This environment has none.");
    return [];
  }
  const { exemptionHours = 0 } = outputs;
  const read = () => listOrders({ ...place, exemptionHours }, ORDER_KINDS, now.getTime());
  const found = await reader.read(name, ordersQuestion(place), read, ({ orders, unreadable }) =>
    withUnreadable(
      `${count(orders.length, "block or exemption", "blocks and exemptions")}.`,
      unreadable === 0
        ? []
        : [
            `${count(unreadable, "item")} of the table cannot be read by this version: docs/runbook.md#alarm-order-refused.`,
          ],
    ),
  );
  return found?.orders;
}
