import { randomUUID } from "node:crypto";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientOf } from "./account";

/** The queues in which events end, in moto. */
export interface FailureQueues {
  readonly failureQueue: string;
  readonly deadLetterQueue: string;
  /** Puts what Lambda puts for an event that the function failed at. */
  putFailed(event: unknown, error?: { readonly errorType: string; readonly errorMessage: string }): Promise<void>;
  /** Puts what SQS moves there from the queue of postponed stops. */
  putPostponed(event: unknown): Promise<void>;
  /** Puts what EventBridge puts for an event that it could not hand over. */
  putUndelivered(event: unknown): Promise<void>;
  putText(queue: "failure" | "dead-letter", body: string): Promise<void>;
  /** How many messages are visible: in the failure queue, in the dead-letter queue. */
  depths(): Promise<readonly [number, number]>;
}

const ERROR = {
  errorType: "IncompleteError",
  errorMessage: "The response failed: AccessDeniedException: no ecs:StopTask",
};

export async function createFailureQueues(address: string): Promise<FailureQueues> {
  const sqs = new SQSClient({ ...clientOf(address), useQueueUrlAsEndpoint: false });
  const name = randomUUID().slice(0, 8);
  const names = { failure: `failures-${name}`, "dead-letter": `dead-letters-${name}` };
  const create = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  const urls = { failure: await create(names.failure), "dead-letter": await create(names["dead-letter"]) };
  const depth = async (QueueUrl: string) => {
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
    return Number((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages);
  };
  const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
  return {
    failureQueue: names.failure,
    deadLetterQueue: names["dead-letter"],
    putFailed: async (event, error = ERROR) => {
      const body = JSON.stringify(invocationRecord(event, error));
      await sqs.send(new SendMessageCommand({ QueueUrl: urls.failure, MessageBody: body }));
    },
    putPostponed: async (event) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: urls.failure, MessageBody: JSON.stringify(event) }));
    },
    putUndelivered: async (event) => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: urls["dead-letter"],
          MessageBody: JSON.stringify(event),
          MessageAttributes: {
            RULE_ARN: attribute("arn:aws:events:eu-west-1:111122223333:rule/launches"),
            TARGET_ARN: attribute("arn:aws:lambda:eu-west-1:111122223333:function:verifier"),
            ERROR_CODE: attribute("NO_PERMISSIONS"),
            ERROR_MESSAGE: attribute("EventBridge may not invoke the function"),
          },
        }),
      );
    },
    putText: async (queue, MessageBody) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: urls[queue], MessageBody }));
    },
    depths: async () => [await depth(urls.failure), await depth(urls["dead-letter"])],
  };
}

/** As the Lambda developer guide has it, "Capturing records of Lambda asynchronous invocations". */
export function invocationRecord(
  requestPayload: unknown,
  { errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string } = ERROR,
): object {
  return {
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: "arn:aws:lambda:eu-west-1:111122223333:function:verifier:$LATEST",
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`] },
  };
}
