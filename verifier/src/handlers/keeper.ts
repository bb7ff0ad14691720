import type { Context } from "aws-lambda";
import { checkRemoval } from "../gate/keeper/check-removal";
import { REMOVAL_REQUEST } from "../gate/keeper/fixed-requests";
import { parseKeeperRequest } from "../gate/keeper/request";
import { runKeeper } from "../gate/keeper/run-keeper";
import { startKeeper } from "../gate/keeper/start";

const { keeper, publish } = startKeeper(process.env);

/**
 * AWS Lambda calls this on a schedule, after each deployment or change of a service, and before the deployment gate is deleted, which
 * fails while a watched service has its hook.
 */
export async function handler(event: unknown, context: Context): Promise<typeof REMOVAL_REQUEST | undefined> {
  const request = parseKeeperRequest(event);
  if (request === undefined) throw new Error("The keeper was invoked with something that it does not know.");
  try {
    if (request.kind === "removal") {
      if (request.isDeletion) await checkRemoval(keeper);
      return REMOVAL_REQUEST;
    }
    const remainingMs = () => context.getRemainingTimeInMillis();
    if (request.kind === "all") await runKeeper(keeper, remainingMs);
    else await runKeeper(keeper, remainingMs, request.service, request.changedBy);
    return undefined;
  } catch (error) {
    keeper.metrics.keeperFailed();
    throw error;
  } finally {
    publish();
  }
}
