import type { Context, SQSBatchResponse } from "aws-lambda";
import { handleLaunch } from "../launch/handle";
import { handlePostponed, postponedMessages } from "../launch/postponed";
import { startDetector } from "../launch/start";

/** Where the image keeps what was baked into it. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { detector, publish } = startDetector(process.env, IMAGE_FOLDER);

/** AWS Lambda calls this for each "ECS Task State Change" event of the rule, and for each batch of postponed stops. */
export async function handler(event: unknown, context: Context): Promise<SQSBatchResponse | undefined> {
  const remainingMs = () => context.getRemainingTimeInMillis();
  try {
    const postponed = postponedMessages(event);
    if (postponed !== undefined) return await handlePostponed(detector, postponed, remainingMs);
    await handleLaunch(detector, event, remainingMs);
    return undefined;
  } finally {
    publish();
  }
}
