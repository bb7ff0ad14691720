import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { QueuedImage } from "./judge-running";

/** Messages of one SendMessageBatch (API reference). */
const PER_BATCH = 10;

const queuedSchema = z.strictObject({ run: z.iso.datetime(), key: z.string().regex(/^[0-9a-f]{64}$/) });

/** Reads a message of the queue. @throws an error for what is none of ours. */
export function parseQueued(body: string): QueuedImage {
  return queuedSchema.parse(JSON.parse(body));
}

/** Puts images of a run on the queue. Needs `sqs:SendMessage`. @throws an error if SQS does not take one of them. */
export async function sendImages(
  sqs: SQSClient,
  queueUrl: string,
  run: string,
  keys: readonly string[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += PER_BATCH) {
    const entries = keys.slice(start, start + PER_BATCH).map((key, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ run, key } satisfies QueuedImage),
    }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    const [failed] = Failed;
    if (failed !== undefined) {
      throw new Error(
        `SQS does not take an image of the sweep: ${failed.Code ?? "unknown"} ${failed.Message ?? ""}`.trim(),
      );
    }
  }
}
