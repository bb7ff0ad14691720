import { PublishCommand } from "@aws-sdk/client-sns";
import { stackName } from "../../automation/environments/settings";
import { filterPolicy } from "../../components/notifications/subscriptions";
import { type Context, foundBefore } from "../context";
import { defineStep } from "../step";
import { type Mail, openMailbox } from "./mailbox";

const LIMIT_MS = 3 * 60_000;
/** Longer than SNS usually takes for a message, so that messages that arrive late still count. */
const LATE_MS = 5_000;

/** The published messages: with and without the attribute that subscriptions filter by. */
const TESTS = [
  { name: "inconclusive", status: "inconclusive" },
  { name: "denied", status: "denied" },
  { name: "an alarm", status: undefined },
] as const;

/** Subscribes a queue to the topic as a recipient of denials and alarms. */
export const subscription = defineStep({
  id: "subscription",
  title: "Subscribe a queue to the topic, as a recipient of denials and alarms",
  proves:
    "The topic reaches a subscriber, and SNS filters as our recipients' filter policy says: a denial and an alarm come.",
  needs: ["deploy"],
  settles: ["filter-exists-beside-values", "subscription-identity"],
  async run(context: Context) {
    const { clients, settings, place, made, signal } = context;
    const topicArn = foundBefore(context, "resources").find(({ type }) => type === "aws:sns/topic:Topic")?.id;
    if (topicArn === undefined) throw new Error("The stack has no topic.");
    const policy = filterPolicy({ statuses: ["denied"], alarms: true });
    if (policy === undefined) throw new Error("These interests need no filter.");
    const name = `${stackName(settings)}-mailbox`;
    const mailbox = await openMailbox({ clients, name, topicArn, filterPolicy: policy, signal });
    made.add({ what: `the queue ${name}`, byHand: removalByHand(place.region, name), remove: mailbox.remove });
    context.found.mailbox = mailbox;
    const [first, second] = [await mailbox.subscribe(), await mailbox.subscribe()];
    if (first !== second) throw new Error(`The same queue has two subscriptions: ${first} and ${second}.`);
    for (const test of TESTS) await publish(context, topicArn, test);
    const has = (mail: readonly Mail[], test: string) => mail.some(({ text }) => text === formatTest(test));
    const wanted = (mail: readonly Mail[]) => has(mail, "denied") && has(mail, "an alarm");
    const mail = await mailbox.waitFor(wanted, LIMIT_MS);
    const missing = ["denied", "an alarm"].filter((test) => !has(mail, test));
    if (missing.length > 0) throw new Error(`Within ${LIMIT_MS / 1000} s this did not arrive: ${missing.join(", ")}.`);
    const late = await mailbox.waitFor((now) => has(now, "inconclusive"), LATE_MS);
    const filtered = has(late, "inconclusive")
      ? "The inconclusive one came as well: SNS takes up to 15 minutes until it filters (SNS developer guide)."
      : "The inconclusive one did not come.";
    return {
      text: `A denial and an alarm came. ${filtered}`,
      assumptions: {
        "filter-exists-beside-values": `SNS took ${policy}; a message with status denied and one without attributes came. ${filtered}`,
        "subscription-identity": "Subscribing the same queue again gave the same subscription.",
      },
    };
  },
});

async function publish({ clients }: Context, TopicArn: string, { name, status }: (typeof TESTS)[number]) {
  const message = { TopicArn, Subject: `Acceptance: ${name}`, Message: formatTest(name) };
  const attribute = { DataType: "String", StringValue: status };
  const attributes = status === undefined ? {} : { MessageAttributes: { status: attribute } };
  await clients.sns.send(new PublishCommand({ ...message, ...attributes }));
}

function formatTest(test: string): string {
  return `A test message of the acceptance, of this kind: ${test}. Nothing has happened.`;
}

function removalByHand(region: string, queue: string): string {
  const url = `aws sqs get-queue-url --region ${region} --queue-name ${queue} --query QueueUrl --output text`;
  return `aws sqs delete-queue --region ${region} --queue-url "$(${url})"`;
}
