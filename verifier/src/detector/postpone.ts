import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Launch } from "../ecs/launch";
import type { Ledger } from "../reporting/ledger";
import { STOP_WINDOW_MS, windowAt } from "../reporting/ledger/stop-window";
import type { Resources } from "../settings";

/** Sends an event to the queue of postponed stops, unchanged. Rejects if that fails. */
export type Postpone = (event: unknown) => Promise<void>;

export interface PostponeOptions {
  readonly sqs: SQSClient;
  readonly resources: Pick<Resources, "POSTPONED_QUEUE_URL">;
}

/** The function receives the event again when the budget's window is over. Needs `sqs:SendMessage` on the queue. */
export function createPostpone({ sqs, resources }: PostponeOptions): Postpone {
  return async (event) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: resources.POSTPONED_QUEUE_URL,
        DelaySeconds: STOP_WINDOW_MS / 1000,
        MessageBody: asciiJson(event),
      }),
    );
  };
}

/**
 * SQS rejects some characters (API reference, SendMessage), and anyone who starts a task can put them into its event.
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What postponing needs. `now`: the time of day, in milliseconds since 1970. */
export interface PostponeOnce {
  readonly ledger: Pick<Ledger, "once">;
  readonly postpone: Postpone;
  readonly now: () => number;
}

/**
 * Postpones the stop of a task to the next window, once per task and window. Other events of the task add no further
 * message to the one that waits. An event that returns from the queue after its delay waits again.
 *
 * @returns whether this call sent the message.
 */
export async function postponeOnce(
  { ledger, postpone, now }: PostponeOnce,
  { taskArn }: Launch,
  event: unknown,
): Promise<boolean> {
  const once = await ledger.once(taskArn, `postponed#${windowAt(now())}`, async () => {
    await postpone(event);
    return "sent";
  });
  return once.state === "done" && once.now;
}
