import { describeAwsError } from "../aws-error";
import { recordedArn, type VerdictRecord } from "./record-schema";
import type { Reporter } from "./reporter";

/** The result of a delivery. It is done if everything was sent, now or before; not if another invocation is doing it. */
export interface Delivered {
  readonly isDone: boolean;
  readonly errors: readonly Error[];
}

/** A message is sent once for what it is about and this key. */
export interface MessageKey {
  /** ARN of a task, a deployment or a service. */
  readonly about: string;
  readonly key: string;
}

/**
 * Delivers a record once for each key of its task or deployment: log line, metrics and event, and a message for people. Never
 * rejects.
 *
 * @param key identifies the record within its task or deployment.
 * @param message What identifies the message to people; undefined: they get none.
 */
export async function deliverRecord(
  reporter: Reporter,
  record: VerdictRecord,
  key: string,
  message: MessageKey | undefined,
): Promise<Delivered> {
  const { ledger, delivery, metrics, log } = reporter;
  const arn = recordedArn(record);
  const steps = [
    ledger.once(arn, `event#${key}`, async () => {
      log.verdict(record);
      metrics.verdict(record);
      await delivery.putEvent(record);
      return "put";
    }),
  ];
  if (message !== undefined) {
    steps.push(
      ledger.once(message.about, message.key, async () => {
        await delivery.notify(record);
        return "sent";
      }),
    );
  }
  const results = await Promise.allSettled(steps);
  const errors = results.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    metrics.deliveryFailed();
    const why = describeAwsError(result.reason);
    const error = new Error(`The record of ${record.container} could not be delivered: ${why}`, {
      cause: result.reason,
    });
    log.failure(error.message, error);
    return [error];
  });
  const isDone = results.every((result) => result.status === "fulfilled" && result.value.state === "done");
  return { isDone, errors };
}
