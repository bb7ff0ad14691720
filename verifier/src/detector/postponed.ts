import type { SQSBatchItemFailure, SQSBatchResponse } from "aws-lambda";
import * as z from "zod";
import type { LaunchDetector } from "./detector";
import { handleLaunch } from "./handle";

const batchSchema = z.object({
  Records: z.array(z.object({ eventSource: z.literal("aws:sqs"), messageId: z.string(), body: z.string() })).min(1),
});

/** A message of the queue of postponed stops. */
export type PostponedMessage = z.infer<typeof batchSchema>["Records"][number];

/** The messages, if the function was invoked with a batch from SQS. */
export function postponedMessages(event: unknown): readonly PostponedMessage[] | undefined {
  const batch = batchSchema.safeParse(event);
  return batch.success ? batch.data.Records : undefined;
}

/**
 * Handles the events of postponed stops again. A stop that is still over budget, or fails for another reason, stays in
 * the queue for the next window. When its time there is over, SQS moves it to the failure queue. Never rejects: a
 * waiting stop is not an error of the function.
 */
export async function handlePostponed(
  detector: LaunchDetector,
  messages: readonly PostponedMessage[],
  remainingMs: () => number,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body } of messages) {
    if (!(await isFinished(detector, body, remainingMs))) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

async function isFinished(detector: LaunchDetector, body: string, remainingMs: () => number): Promise<boolean> {
  try {
    const { isPostponed } = await handleLaunch(detector, JSON.parse(body), remainingMs, "queue");
    return !isPostponed;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    detector.log.failure(`A postponed stop will be retried in the next window: ${error.message}`, error);
    return false;
  }
}
