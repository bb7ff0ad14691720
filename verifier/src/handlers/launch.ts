import type { Context, SQSBatchResponse } from "aws-lambda";
import { type DeploymentCheckResult, parseDeploymentCheckRequest } from "../detector/deployment-check";
import { handleLaunch } from "../detector/handle";
import { handlePostponed, postponedMessages } from "../detector/postponed";
import { startDetector } from "../detector/start";

/** Where the image keeps what was baked into it. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { detector, checkDeployment, publish } = startDetector(process.env, IMAGE_FOLDER);

/** What the function answers to those who wait for it: SQS, and a deployment. */
type Answer = SQSBatchResponse | DeploymentCheckResult | undefined;

/**
 * AWS Lambda calls this for each "ECS Task State Change" event of the rule, for each batch of postponed stops, and for the
 * check of a deployment.
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const remainingMs = () => context.getRemainingTimeInMillis();
  try {
    const asked = parseDeploymentCheckRequest(event);
    if (asked !== undefined) return await checkDeployment(asked, remainingMs);
    const postponed = postponedMessages(event);
    if (postponed !== undefined) return await handlePostponed(detector, postponed, remainingMs);
    await handleLaunch(detector, event, remainingMs);
    return undefined;
  } finally {
    publish();
  }
}
