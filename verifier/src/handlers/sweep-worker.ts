import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type DeploymentCheckResult, parseDeploymentCheckRequest } from "../detector/deployment-check";
import { judgeQueued, type SweepMessage } from "../sweep/judge-queued";
import { startWorker } from "../sweep/start-worker";

/** The folder in the image with the files added at build time. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { worker, checkDeployment, publish } = startWorker(process.env, IMAGE_FOLDER);
const processor = new BatchProcessor(EventType.SQS);

/** AWS Lambda calls this for each batch of the sweep's queue, and each deployment to check it. */
export async function handler(event: unknown, context: Context): Promise<SQSBatchResponse | DeploymentCheckResult> {
  try {
    const asked = parseDeploymentCheckRequest(event);
    if (asked !== undefined) return await checkDeployment(asked, () => context.getRemainingTimeInMillis());
    const judgeMessage = (message: SweepMessage) =>
      judgeQueued(worker, message, () => context.getRemainingTimeInMillis());
    // The type of what SQS sends; what is none of it the processor refuses.
    return await processPartialResponse(event as SQSEvent, judgeMessage, processor, {
      context,
      throwOnFullBatchFailure: false,
    });
  } finally {
    publish();
  }
}
