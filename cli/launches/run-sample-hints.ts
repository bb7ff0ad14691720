import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";

/** Where to look when ECS started a task but no verdict was recorded: the steps that its event passes through. */
export async function noVerdictHints(
  { functionName, logGroup, failureQueue, deadLetterQueue }: EnvironmentOutputs,
  client: { readonly region: string },
): Promise<string> {
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const [failures, deadLetters] = await Promise.all([readDepth(sqs, failureQueue), readDepth(sqs, deadLetterQueue)]);
  return [
    "No verdict was found. A task's event passes through these, in this order:",
    "  the rule           does the environment watch this cluster (clusters, in the stack file)? Is the rule enabled?",
    `  dead-letter queue  ${deadLetterQueue}: ${deadLetters} that EventBridge could not deliver (\`redrive --dry-run\`)`,
    `  the function       ${functionName}: what does its log say? aws logs tail ${logGroup} --since 10m`,
    `  failure queue      ${failureQueue}: ${failures} that the function failed to process (\`redrive --dry-run\`)`,
    "A verdict that takes longer than --timeout is found by `verdicts`.",
  ].join("\n");
}

async function readDepth(sqs: SQSClient, name: string): Promise<string> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    const count = Attributes.ApproximateNumberOfMessages ?? "?";
    return `about ${count} ${count === "1" ? "event" : "events"}`;
  } catch {
    return "events, which could not be counted,";
  }
}
