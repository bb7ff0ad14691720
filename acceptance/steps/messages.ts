import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { stackName } from "../../automation/environments/settings";
import { recordedArn } from "../../verifier/src/reporting/record-schema";
import { listChannels } from "../channels";
import { type Context, foundBefore } from "../context";
import { defineStep } from "../step";

const LIMIT_MS = 2 * 60_000;
/**
 * EventBridge does not retry a request that the address refuses, such as with status 403 or 404 (EventBridge user guide,
 * "API destinations"), so that a refusal shows within this time.
 */
const REFUSED_WITHIN_MS = 60_000;
const POLL_MS = 5_000;

/** Looks for the message about the unsigned sample in each channel. */
export const messages = defineStep({
  id: "messages",
  title: "Look for the message on the unsigned sample, in each channel",
  proves:
    "The function sends a denial to the topic. Slack and PagerDuty, if configured, have not refused it: only you can see whether it is shown there.",
  needs: ["subscription", "samples"],
  settles: [],
  async run(context: Context) {
    const unsigned = foundBefore(context, "unsigned");
    const { status, code } = unsigned;
    const task = recordedArn(unsigned);
    const mail = await foundBefore(context, "mailbox").waitFor(
      (all) => all.some(({ text }) => text.includes(task)),
      LIMIT_MS,
    );
    const message = mail.find(({ text }) => text.includes(task));
    if (message === undefined) {
      throw new Error(
        `Within ${LIMIT_MS / 1000} s the topic got no message about the task ${task}, which is ${status}, ${code}.`,
      );
    }
    const chats = await chatsText(context, message.subject);
    return { text: [`The topic got the message: "${message.subject}".`, ...chats].join(" "), assumptions: {} };
  },
});

async function chatsText(context: Context, subject: string): Promise<readonly string[]> {
  const { secrets, settings } = context;
  const chats = listChannels(secrets);
  if (chats.length === 0) return [];
  const count = await undelivered(context);
  if (count > 0) {
    throw new Error(
      `The topic got the message ("${subject}"). ${count} of the messages for ${chats.join(" and ")} ${count === 1 ? "was" : "were"} refused. ERROR_CODE and ERROR_MESSAGE among the attributes of the messages in the queue "undelivered" of the stack say why, as long as the stack exists.`,
    );
  }
  return [
    `No message for ${chats.join(" and ")} was refused within ${REFUSED_WITHIN_MS / 1000} s. Check that it arrived: a message about ${stackName(settings)}.`,
  ];
}

/** The number of messages in the queue of undelivered messages: returns as soon as there are any, or zero at the end. */
async function undelivered(context: Context): Promise<number> {
  const { clients, signal } = context;
  const queue = foundBefore(context, "resources").find(
    ({ type, name }) => type === "aws:sqs/queue:Queue" && /-undelivered(?:-|$)/.test(name),
  );
  if (queue === undefined) throw new Error("The stack has no queue for undelivered messages.");
  const question = new GetQueueAttributesCommand({
    QueueUrl: queue.id,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  const deadline = Date.now() + REFUSED_WITHIN_MS;
  for (;;) {
    const count = Number((await clients.sqs.send(question)).Attributes?.ApproximateNumberOfMessages ?? 0);
    if (count > 0 || Date.now() >= deadline) return count;
    await sleep(POLL_MS, undefined, { signal });
  }
}
