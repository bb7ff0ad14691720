import type { Context, SQSBatchResponse } from "aws-lambda";
import { type DeploymentCheckResult, parseDeploymentCheckRequest } from "../detector/deployment-check";
import { isFindingsCheckRequest } from "../detector/findings-check";
import { handleLaunch } from "../detector/handle";
import { isOrderCheckRequest } from "../detector/order-check";
import { handlePostponed, postponedMessages } from "../detector/postponed";
import { startDetector } from "../detector/start";

/** The folder in the image with the files added at build time. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { detector, checkDeployment, checkOrders, sendFindings, publish } = startDetector(process.env, IMAGE_FOLDER);

/** The function's response to the callers that read it: SQS, and a deployment. */
type Answer = SQSBatchResponse | DeploymentCheckResult | undefined;

/**
 * AWS Lambda calls this for each "ECS Task State Change" event of the rule, each batch of postponed stops, each
 * check of a deployment, and on schedules for the end of break-glass exemptions and for findings that were not sent.
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const remainingMs = () => context.getRemainingTimeInMillis();
  try {
    const asked = parseDeploymentCheckRequest(event);
    if (asked !== undefined) return await checkDeployment(asked, remainingMs);
    if (isOrderCheckRequest(event)) {
      await checkOrders();
      return undefined;
    }
    if (isFindingsCheckRequest(event)) {
      await sendFindings(remainingMs);
      return undefined;
    }
    const postponed = postponedMessages(event);
    if (postponed !== undefined) return await handlePostponed(detector, postponed, remainingMs);
    await handleLaunch(detector, event, remainingMs);
    return undefined;
  } finally {
    publish();
  }
}
