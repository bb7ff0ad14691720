import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { deadLetterPolicy, topicPolicy } from "../aws/iam";
import { findAccount } from "../aws/place";
import { FAILURE_QUEUE } from "../aws/queue";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";
import { ChatDestination, type ChatDestinationChildren } from "./chat-destination";
import { pagerDutyEvent, type Severity, slackMessage, verdictPattern } from "./chat-messages";
import { type Address, filterPolicy, type Interest, listStatuses, subscriptionName } from "./subscriptions";

/** PagerDuty's Events API v2. */
const PAGER_DUTY = "https://events.pagerduty.com/v2/enqueue";

/** A recipient that subscribes to the topic. */
interface Recipient extends Interest {
  /** Names the subscription; required if the address is an Output, and must stay with it. Default: made from the address. */
  readonly name?: string;
}

/** Changes to the resources that the component makes directly. */
interface NotificationsResources {
  readonly topic?: Child<sns.TopicArgs>;
  readonly topicPolicy?: Child<sns.TopicPolicyArgs>;
  /** Each subscription to the topic. */
  readonly subscription?: Child<sns.TopicSubscriptionArgs>;
  /** The queue for events that could not be sent to Slack or PagerDuty. */
  readonly undelivered?: Child<sqs.QueueArgs>;
  readonly undeliveredPolicy?: Child<sqs.QueuePolicyArgs>;
}

export interface NotificationsChildren extends NotificationsResources {
  readonly slack?: ChatDestinationChildren;
  readonly pagerDuty?: ChatDestinationChildren;
}

export const NOTIFICATIONS_SENSITIVE: Sensitive<NotificationsResources> = {
  topic: [],
  topicPolicy: ["arn", "policy"],
  subscription: ["topic", "protocol", "endpoint", "filterPolicy"],
  undelivered: [],
  undeliveredPolicy: ["policy"],
};

export interface NotificationsArgs {
  /** Name of the environment whose verdicts are sent. */
  environment: string;
  /** AWS account: 12 digits. Default: that of the component's provider. */
  account?: pulumi.Input<string>;
  /** Name of the bus with the `Image Verdict` events. Default: `default`. */
  eventBusName?: pulumi.Input<string>;
  /** E-mail addresses. Each recipient confirms the subscription in a mail that AWS sends. Default: none. */
  email?: readonly (Recipient & { readonly address: pulumi.Input<string> })[];
  /** Web addresses that confirm the subscription themselves (SNS, "HTTP/HTTPS endpoints"). Default: none. */
  https?: readonly (Recipient & { readonly url: pulumi.Input<string> })[];
  /** An incoming webhook of Slack. Its address is enough to post, so it is kept as a secret. */
  slack?: Pick<Interest, "statuses"> & { readonly webhookUrl: pulumi.Input<string> };
  /** A service of PagerDuty, by its integration key for the Events API v2, which is kept as a secret. */
  pagerDuty?: Pick<Interest, "statuses"> & {
    readonly routingKey: pulumi.Input<string>;
    /** Default: `critical`. */
    readonly severity?: Severity;
  };
  /** URL of the runbook that messages link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: NotificationsChildren | undefined;
}

type Placed = NotificationsArgs & Required<Pick<NotificationsArgs, "account">>;

/** Notifies people: an SNS topic for e-mail and web addresses, and API destinations for Slack and PagerDuty. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  /**
   * Recipients that have not confirmed yet, according to the state: e-mail addresses, and positions in the list of web
   * addresses, such as `https[0]`. They receive nothing until they confirm.
   */
  readonly unconfirmed: pulumi.Output<string[]>;
  /** Name of the queue with events that could not be sent to Slack or PagerDuty; undefined if neither is configured. */
  readonly undeliveredQueueName: pulumi.Output<string> | undefined;
  private readonly child: MakeChild<NotificationsResources>;

  constructor(name: string, given: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    const args = concealed(given);
    super(typeToken("Notifications"), name, withoutChildren(args), opts);
    this.child = prepareChildren<NotificationsResources>(this, args.children, NOTIFICATIONS_SENSITIVE);
    const { account = findAccount(this) } = args;
    const topic = new sns.Topic(`${name}-topic`, ...this.child("topic", { displayName: "Image verification" }));
    new sns.TopicPolicy(
      `${name}-topic-policy`,
      ...this.child("topicPolicy", {
        arn: topic.arn,
        policy: pulumi
          .output({ arn: topic.arn, account })
          .apply((known) => JSON.stringify(topicPolicy(known.arn, known.account))),
      }),
    );
    const email = (args.email ?? []).map((recipient) => {
      const pending = this.subscribe(name, topic, { protocol: "email", ...recipient }, recipient);
      return { shown: recipient.address, pending };
    });
    const https = (args.https ?? []).map((recipient, index) => {
      const address = { protocol: "https", address: recipient.url, name: recipient.name } as const;
      return { shown: `https[${index}]`, pending: this.subscribe(name, topic, address, recipient) };
    });
    this.topicArn = topic.arn;
    this.unconfirmed = pulumi
      .all([...email, ...https].map(({ shown, pending }) => pulumi.all([shown, pending])))
      .apply((all) => all.flatMap(([shown, pending]) => (pending ? [shown] : [])));
    this.undeliveredQueueName = this.chats(name, { ...args, account });
    this.registerOutputs({ topicArn: this.topicArn, undeliveredQueueName: this.undeliveredQueueName });
  }

  /** Makes a subscription; gives whether it still waits for its confirmation. */
  private subscribe(name: string, topic: sns.Topic, to: Address, interest: Interest): pulumi.Output<boolean> {
    const filter = filterPolicy(interest);
    const subscription = new sns.TopicSubscription(
      `${name}-${subscriptionName(to)}`,
      ...this.child(
        "subscription",
        {
          topic: topic.arn,
          protocol: to.protocol,
          endpoint: to.address,
          ...withoutUndefined({ filterPolicy: filter }),
        },
        // If it were made first, SNS could answer with the old subscription, which would then be deleted.
        { deleteBeforeReplace: true },
      ),
    );
    return subscription.pendingConfirmation;
  }

  private chats(name: string, args: Placed): pulumi.Output<string> | undefined {
    const { slack, pagerDuty, account, environment, eventBusName = "default" } = args;
    if (slack === undefined && pagerDuty === undefined) return undefined;
    const parent = { parent: this };
    const queue = new sqs.Queue(`${name}-undelivered`, ...this.child("undelivered", FAILURE_QUEUE));
    const common = { account, eventBusName, deadLetterQueueArn: queue.arn };
    const destinations = [
      ...(slack === undefined
        ? []
        : [
            new ChatDestination(
              `${name}-slack`,
              {
                ...common,
                eventPattern: verdictPattern(environment, listStatuses(slack)),
                message: slackMessage(args.runbookUrl),
                endpoint: slack.webhookUrl,
                children: args.children?.slack,
              },
              parent,
            ),
          ]),
      ...(pagerDuty === undefined
        ? []
        : [
            new ChatDestination(
              `${name}-pagerduty`,
              {
                ...common,
                eventPattern: verdictPattern(environment, listStatuses(pagerDuty)),
                message: pagerDutyEvent(pagerDuty.severity ?? "critical", args.runbookUrl),
                endpoint: PAGER_DUTY,
                secretFields: { routing_key: pagerDuty.routingKey },
                children: args.children?.pagerDuty,
              },
              parent,
            ),
          ]),
    ];
    new sqs.QueuePolicy(
      `${name}-undelivered-policy`,
      ...this.child("undeliveredPolicy", {
        queueUrl: queue.url,
        policy: pulumi
          .all([queue.arn, pulumi.all(destinations.map(({ ruleArn }) => ruleArn))])
          .apply(([queueArn, ruleArns]) => JSON.stringify(deadLetterPolicy(queueArn, ruleArns))),
      }),
    );
    return queue.name;
  }
}

/** Turns every value that grants access into a secret: a component's arguments are recorded in the state. */
export function concealed<Args extends Pick<NotificationsArgs, "https" | "slack" | "pagerDuty">>(args: Args): Args {
  const { https, slack, pagerDuty } = args;
  return {
    ...args,
    // Web addresses often hold a key. The subscription's name is made while the address can still be read.
    ...(https === undefined
      ? {}
      : {
          https: https.map((one) => ({
            ...one,
            name: subscriptionName({ protocol: "https", address: one.url, name: one.name }),
            url: pulumi.secret(one.url),
          })),
        }),
    ...(slack === undefined ? {} : { slack: { ...slack, webhookUrl: pulumi.secret(slack.webhookUrl) } }),
    ...(pagerDuty === undefined
      ? {}
      : { pagerDuty: { ...pagerDuty, routingKey: pulumi.secret(pagerDuty.routingKey) } }),
  };
}
