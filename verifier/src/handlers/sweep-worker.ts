import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type DeploymentCheckResult, parseDeploymentCheckRequest } from "../detector/deployment-check";
import { judgeRunning } from "../sweep/judge-running";
import { parseQueued } from "../sweep/queue";
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
    // The type of what SQS sends; what is none of it the processor refuses.
    return await processPartialResponse(event as SQSEvent, judgeMessage, processor, {
      context,
      throwOnFullBatchFailure: false,
    });
  } finally {
    publish();
  }
}

async function judgeMessage({ body }: { readonly body: string }): Promise<void> {
  try {
    await judgeRunning(worker, parseQueued(body));
  } catch (error) {
    worker.log.failure("An image could not be swept, and is tried again", toError(error));
    throw error;
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
