import { type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";

/** A queue subscribed to a topic. */
export interface Mailbox {
  /** Subscribes it with the same policy and returns the ARN of the subscription. */
  subscribe(): Promise<string>;
  /** Waits until `wanted` is true for the received messages or the time is up; returns all messages since it was opened. */
  waitFor(wanted: (mail: readonly Mail[]) => boolean, limitMs: number): Promise<readonly Mail[]>;
  remove(): Promise<void>;
}

/** A message as SNS delivers it to a queue. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

const envelope = z.object({ Subject: z.string().default(""), Message: z.string() });

/** The longest that SQS waits for a message in one call, in seconds (SQS API reference). */
const LONGEST_WAIT = 20;

export interface MailboxOptions {
  readonly clients: { readonly sns: SNSClient; readonly sqs: SQSClient };
  /** Of the queue. */
  readonly name: string;
  readonly topicArn: string;
  readonly filterPolicy: string;
  /** Stops waiting. */
  readonly signal: AbortSignal;
}

/** Creates a queue that a topic may send to, and keeps the received messages. */
export async function openMailbox({ clients, name, topicArn, filterPolicy, signal }: MailboxOptions): Promise<Mailbox> {
  const { sns, sqs } = clients;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const remove = async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch((error: Error) => {
      if (!/NonExistent|DoesNotExist/.test(error.name)) throw error;
    });
  };
  try {
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    const Endpoint = (await sqs.send(asked)).Attributes?.QueueArn ?? "";
    const Policy = JSON.stringify(deliveryPolicy(Endpoint, topicArn));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const received: Mail[] = [];
    return {
      remove,
      async subscribe() {
        const Attributes = { FilterPolicy: filterPolicy };
        const address = { TopicArn: topicArn, Protocol: "sqs", Endpoint, Attributes, ReturnSubscriptionArn: true };
        return (await sns.send(new SubscribeCommand(address))).SubscriptionArn ?? "";
      },
      async waitFor(wanted, limitMs) {
        const deadline = Date.now() + limitMs;
        while (!wanted(received) && Date.now() < deadline) {
          const WaitTimeSeconds = Math.min(LONGEST_WAIT, Math.ceil((deadline - Date.now()) / 1000));
          received.push(...(await receive(sqs, { QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 }, signal)));
        }
        return received;
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function receive(
  sqs: SQSClient,
  question: ReceiveMessageCommandInput,
  abortSignal: AbortSignal,
): Promise<readonly Mail[]> {
  const { QueueUrl } = question;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(question), { abortSignal });
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = "" }) => {
    const { Subject, Message } = envelope.parse(JSON.parse(Body));
    return { subject: Subject, text: Message };
  });
}

/** Allows only the topic to send (SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic"). */
function deliveryPolicy(queueArn: string, topicArn: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  };
}
