import type { Context } from "aws-lambda";
import { handleLaunch } from "../launch/handle";
import { startDetector } from "../launch/start";

/** Where the image keeps what was baked into it. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { detector, publish } = startDetector(process.env, IMAGE_FOLDER);

/** AWS Lambda calls this for each "ECS Task State Change" event of the rule. */
export async function handler(event: unknown, context: Context): Promise<void> {
  try {
    await handleLaunch(detector, event, () => context.getRemainingTimeInMillis());
  } finally {
    publish();
  }
}
