import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { QueueKind } from "./queue-kinds";
import { type QueuedEvent, readQueuedEvent } from "./queued-event";

/** What to redrive, from which queue, to which function. */
export interface RedriveOptions {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly queue: QueueKind;
  readonly queueUrl: string;
  /** Name or ARN of the function. */
  readonly functionName: string;
  /** The maximum number of events to redrive or list. */
  readonly max: number;
  /** List only. */
  readonly dryRun: boolean;
  /** The start time. Messages sent later are skipped: an event that fails again comes back as a new message. */
  readonly startedAt: Date;
  /** Ids of the events redriven so far; updated during the run. An event in this set is skipped. */
  readonly givenBack: Set<string>;
}

/** The result for a message. */
export interface Redriven {
  readonly queue: QueueKind;
  readonly messageId: string;
  /** When it was sent to the queue, if SQS reports it. */
  readonly sentAt: Date | undefined;
  readonly event: QueuedEvent;
  readonly outcome: RedriveOutcome;
}

export type RedriveOutcome =
  /** Lambda accepted the event, and the message was deleted. */
  | { readonly result: "given-back" }
  /** A dry run: the event would be redriven. */
  | { readonly result: "found" }
  /** It was sent after the start, or its event was just redriven; the message stays in the queue. */
  | { readonly result: "later" }
  /** It cannot be redriven and stays in the queue. */
  | { readonly result: "unusable" }
  /** Lambda did not accept the event; the message stays in the queue. */
  | { readonly result: "refused"; readonly error: unknown }
  /** Lambda accepted the event, but the message could not be deleted: the event will be redriven again. */
  | { readonly result: "not-deleted"; readonly error: unknown };

/** The maximum number of messages per SQS call, and the longest wait for them (SQS API reference). */
const BATCH = 10;
const WAIT_SECONDS = 1;

/**
 * How long a message is invisible to others while it is processed, in seconds. After a crash it is visible again by
 * then.
 */
const VISIBILITY_SECONDS = 300;

/** Stop after this many messages sent after the start: the queue fills faster than it is read. */
const MOST_LATER = 1000;

/**
 * Redrives the events of a queue to the function, each as an asynchronous invocation with the original event; a
 * message is deleted when Lambda has accepted its event. It ends after the messages that were there at the start, after the
 * first rejection by Lambda, or after `max`. Remaining messages are visible in the queue again at the end.
 *
 * Needs `sqs:ReceiveMessage`, `sqs:ChangeMessageVisibility` and `sqs:DeleteMessage` on the queue and
 * `lambda:InvokeFunction` on the function.
 *
 * @returns the result for each message, as it happens.
 * @throws the SQS error if messages cannot be received.
 */
export async function* redrive(options: RedriveOptions): AsyncGenerator<Redriven> {
  const { sqs, queueUrl, max } = options;
  const staying: Message[] = [];
  const seen = new Set<string>();
  let count = 0;
  let later = 0;
  try {
    while (count < max && later < MOST_LATER) {
      const received = await receive(sqs, queueUrl, Math.min(BATCH, max - count));
      const fresh = received.filter(({ MessageId = "" }) => !seen.has(MessageId));
      // Nothing new: either no messages, or ones whose visibility timeout has expired.
      if (fresh.length === 0) return;
      for (const { MessageId = "" } of fresh) seen.add(MessageId);
      const done = await Promise.all(fresh.map((message) => redriveOne(options, message)));
      staying.push(...fresh.filter((_, index) => STAYS.has(done[index]?.outcome.result)));
      yield* done;
      later += done.filter(({ outcome }) => outcome.result === "later").length;
      count += done.filter(({ outcome }) => outcome.result !== "later").length;
      // Lambda would reject the others as well.
      if (done.some(({ outcome }) => outcome.result === "refused")) return;
    }
  } finally {
    await Promise.all(staying.map((message) => makeVisible(sqs, queueUrl, message)));
  }
}

const STAYS: ReadonlySet<RedriveOutcome["result"] | undefined> = new Set(["found", "unusable", "refused", "later"]);

async function redriveOne(options: RedriveOptions, message: Message): Promise<Redriven> {
  const event = readQueuedEvent(options.queue, message);
  const sent = Number(message.Attributes?.SentTimestamp ?? Number.NaN);
  return {
    queue: options.queue,
    messageId: message.MessageId ?? "",
    sentAt: Number.isNaN(sent) ? undefined : new Date(sent),
    event,
    outcome: await redriveEvent(options, message, event, sent > options.startedAt.getTime()),
  };
}

async function redriveEvent(
  options: RedriveOptions,
  message: Message,
  event: QueuedEvent,
  isLater: boolean,
): Promise<RedriveOutcome> {
  const { givenBack, dryRun } = options;
  // The clocks of this machine and of SQS may differ; the event's id shows what was redriven regardless of them.
  if (isLater || (event.kind === "event" && givenBack.has(event.id))) return { result: "later" };
  if (event.kind === "unusable") return { result: "unusable" };
  if (dryRun) return { result: "found" };
  givenBack.add(event.id);
  return giveBack(options, message, event.payload);
}

async function giveBack(
  { sqs, lambda, queueUrl, functionName }: RedriveOptions,
  { ReceiptHandle }: Message,
  payload: string,
): Promise<RedriveOutcome> {
  try {
    const { StatusCode } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: Buffer.from(payload) }),
    );
    // 202: Lambda has it in its own queue (API reference, Invoke).
    if (StatusCode !== 202) throw new Error(`Lambda answered with ${StatusCode} instead of 202`);
  } catch (error) {
    return { result: "refused", error };
  }
  try {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    return { result: "given-back" };
  } catch (error) {
    return { result: "not-deleted", error };
  }
}

async function receive(sqs: SQSClient, queueUrl: string, count: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: count,
      // Long polling queries all of SQS's servers: an empty response means an empty queue.
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["SentTimestamp"],
    }),
  );
  return Messages;
}

/** If it fails, the message is visible again by itself after the timeout. */
async function makeVisible(sqs: SQSClient, queueUrl: string, { ReceiptHandle }: Message): Promise<void> {
  await sqs
    .send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
    .catch(() => undefined);
}
