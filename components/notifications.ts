import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { ChatDestination } from "./chat-destination";
import { pagerDutyEvent, type Severity, slackMessage } from "./chat-messages";
import { deadLetterPolicy, topicPolicy } from "./iam";
import { failureQueue } from "./queue";
import { filterPolicy, type Interest, statusesOf } from "./recipients";
import { typeToken } from "./type-token";
import { verdictPattern } from "./verdict-pattern";

/** PagerDuty's Events API v2. */
const PAGER_DUTY = "https://events.pagerduty.com/v2/enqueue";

export interface NotificationsArgs {
  /** Name of the environment whose verdicts are told. */
  environment: string;
  /** AWS account: 12 digits. */
  account: pulumi.Input<string>;
  /** Name of the bus with the `Image Verdict` events. Default: `default`. */
  eventBusName?: pulumi.Input<string>;
  /** People, who confirm the subscription by a mail that AWS sends. Default: nobody. */
  email?: readonly (Interest & { readonly address: pulumi.Input<string> })[];
  /** Web addresses that confirm the subscription themselves (SNS, "HTTP/HTTPS endpoints"). Default: none. */
  https?: readonly (Interest & { readonly url: pulumi.Input<string> })[];
  /** An incoming webhook of Slack. Its address lets whoever has it post: it is kept as a secret. */
  slack?: Pick<Interest, "statuses"> & { readonly webhookUrl: pulumi.Input<string> };
  /** A service of PagerDuty, by the integration key of its Events API v2, which is kept as a secret. */
  pagerDuty?: Pick<Interest, "statuses"> & {
    readonly routingKey: pulumi.Input<string>;
    /** Default: `critical`. */
    readonly severity?: Severity;
  };
}

/** Tells people: a topic for mail and web addresses, and API destinations for Slack and PagerDuty. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  /** Name of the queue with what could not be sent to Slack and PagerDuty; undefined if there is neither. */
  readonly undeliveredQueueName: pulumi.Output<string> | undefined;

  constructor(name: string, given: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    const args = concealed(given);
    super(typeToken("Notifications"), name, args, opts);
    const parent = { parent: this };
    const topic = new sns.Topic(`${name}-topic`, { displayName: "Image verification" }, parent);
    new sns.TopicPolicy(
      `${name}-topic-policy`,
      {
        arn: topic.arn,
        policy: pulumi
          .all([topic.arn, args.account])
          .apply(([arn, account]) => JSON.stringify(topicPolicy(arn, account))),
      },
      parent,
    );
    for (const [index, recipient] of (args.email ?? []).entries()) {
      this.subscribe(`${name}-email-${index}`, topic, "email", recipient.address, recipient);
    }
    for (const [index, recipient] of (args.https ?? []).entries()) {
      this.subscribe(`${name}-https-${index}`, topic, "https", recipient.url, recipient);
    }
    this.topicArn = topic.arn;
    this.undeliveredQueueName = this.chats(name, args);
    this.registerOutputs({ topicArn: this.topicArn, undeliveredQueueName: this.undeliveredQueueName });
  }

  private subscribe(
    name: string,
    topic: sns.Topic,
    protocol: "email" | "https",
    endpoint: pulumi.Input<string>,
    interest: Interest,
  ): void {
    const filter = filterPolicy(interest);
    new sns.TopicSubscription(
      name,
      { topic: topic.arn, protocol, endpoint, ...(filter === undefined ? {} : { filterPolicy: filter }) },
      { parent: this },
    );
  }

  private chats(name: string, args: NotificationsArgs): pulumi.Output<string> | undefined {
    const { slack, pagerDuty, account, environment, eventBusName = "default" } = args;
    if (slack === undefined && pagerDuty === undefined) return undefined;
    const parent = { parent: this };
    const queue = failureQueue(`${name}-undelivered`, parent);
    const common = { account, eventBusName, deadLetterQueueArn: queue.arn };
    const destinations = [
      ...(slack === undefined
        ? []
        : [
            new ChatDestination(
              `${name}-slack`,
              {
                ...common,
                eventPattern: verdictPattern(environment, statusesOf(slack)),
                message: slackMessage(),
                endpoint: slack.webhookUrl,
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
                eventPattern: verdictPattern(environment, statusesOf(pagerDuty)),
                message: pagerDutyEvent(pagerDuty.severity ?? "critical"),
                endpoint: PAGER_DUTY,
                secretFields: { routing_key: pagerDuty.routingKey },
              },
              parent,
            ),
          ]),
    ];
    new sqs.QueuePolicy(
      `${name}-undelivered-policy`,
      {
        queueUrl: queue.url,
        policy: pulumi
          .all([queue.arn, pulumi.all(destinations.map(({ ruleArn }) => ruleArn))])
          .apply(([queueArn, ruleArns]) => JSON.stringify(deadLetterPolicy(queueArn, ruleArns))),
      },
      parent,
    );
    return queue.name;
  }
}

/** The same with all that gives access as secrets: a component's arguments are kept in the state. */
export function concealed<Args extends Pick<NotificationsArgs, "https" | "slack" | "pagerDuty">>(args: Args): Args {
  const { https, slack, pagerDuty } = args;
  return {
    ...args,
    // Such addresses often hold a key.
    ...(https === undefined ? {} : { https: https.map((one) => ({ ...one, url: pulumi.secret(one.url) })) }),
    ...(slack === undefined ? {} : { slack: { ...slack, webhookUrl: pulumi.secret(slack.webhookUrl) } }),
    ...(pagerDuty === undefined
      ? {}
      : { pagerDuty: { ...pagerDuty, routingKey: pulumi.secret(pagerDuty.routingKey) } }),
  };
}
