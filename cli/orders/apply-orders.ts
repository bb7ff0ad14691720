import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { withOrders } from "../../verifier/src/orders/judge-with-orders";
import { OPERATOR_LIMIT_MS, startOrders } from "../../verifier/src/orders/start";
import type { Judge } from "../../verifier/src/verification/judge";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { printable } from "../lib/printable";
import { writeError } from "../lib/spinner";
import { orderPlace } from "./deployed-orders";

/** Makes a judge obey the orders of a deployed environment, and says so. */
export function applyOrders(outputs: EnvironmentOutputs): (judge: Judge) => Judge {
  const place = orderPlace(outputs);
  process.stderr.write(`With the orders of the moment of ${place.environment}.\n`);
  return (judge) => async (subject) => {
    // For each image: several are verified at the same time, and the orders of one may be unreadable.
    let unread: string | undefined;
    const orders = startOrders({
      ...place,
      limitMs: OPERATOR_LIMIT_MS,
      now: Date.now,
      onRefused: (reason) => writeError(`An order was refused: ${printable(reason)}.\n`),
      onUnavailable: (reason) => {
        unread = printable(reason, 500);
        writeError(`The orders of the environment could not be read: ${unread}.\n`);
      },
    });
    const verdict = await withOrders(judge, orders, Date.now)(subject);
    return withoutOrders(verdict, unread);
  };
}

/** An image may be blocked if the orders are not known: a pipeline must not take it for trusted. */
function withoutOrders(verdict: Verdict, unread: string | undefined): Verdict {
  if (unread === undefined || (verdict.status !== "trusted" && verdict.status !== "exempt")) return verdict;
  const detail = `whether the image is blocked could not be found out: ${unread}; without orders: ${verdict.status} ${verdict.code}`;
  return { ...verdict, status: "inconclusive", code: "verifier-failed", detail };
}
