import { createHash } from "node:crypto";
import type { ResourceKind } from "./resource-kind";

export const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

interface Subscription {
  readonly topic: string;
  readonly endpoint: string;
  confirmed: boolean;
}

/** The subscriptions that SNS has, and the resource that is one of them. */
export interface SnsSubscriptions {
  readonly kind: ResourceKind;
  /** Endpoints that have a confirmed subscription to a topic, sorted. */
  confirmed(topic: string): readonly string[];
  /** Everybody answers the mail. */
  confirmAll(): void;
  /** SNS forgets those who never did, as it does after some days. */
  forgetUnconfirmed(): void;
}

/**
 * Subscribe gives the ARN of the subscription that an endpoint has already; a subscription is removed by its ARN, and one
 * that nobody has confirmed is not removed at all (resourceTopicSubscriptionCreate and ...Delete in terraform-provider-aws,
 * internal/service/sns/topic_subscription.go). None is confirmed by itself.
 */
export function snsSubscriptions(account: string): SnsSubscriptions {
  const subscriptions = new Map<string, Subscription>();
  const properties = (arn: string, { confirmed }: Subscription) => ({
    arn,
    confirmationWasAuthenticated: false,
    ownerId: account,
    pendingConfirmation: !confirmed,
  });
  return {
    kind: {
      replaceOn: ["topic", "protocol", "endpoint"],
      computed: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
      create({ inputs }) {
        const [topic, endpoint] = [String(inputs.topic), String(inputs.endpoint)];
        const arn = `${topic}:${createHash("sha256").update(`${inputs.protocol} ${endpoint}`).digest("hex").slice(0, 10)}`;
        const subscription = subscriptions.get(arn) ?? { topic, endpoint, confirmed: false };
        subscriptions.set(arn, subscription);
        return { id: arn, properties: properties(arn, subscription) };
      },
      read({ id }) {
        const subscription = subscriptions.get(id);
        return subscription === undefined ? undefined : properties(id, subscription);
      },
      remove(_, { id }) {
        if (subscriptions.get(id)?.confirmed) subscriptions.delete(id);
      },
    },
    confirmed: (topic) =>
      [...subscriptions.values()]
        .filter((subscription) => subscription.topic === topic && subscription.confirmed)
        .map(({ endpoint }) => endpoint)
        .sort(),
    confirmAll() {
      for (const subscription of subscriptions.values()) subscription.confirmed = true;
    },
    forgetUnconfirmed() {
      for (const [arn, { confirmed }] of subscriptions) if (!confirmed) subscriptions.delete(arn);
    },
  };
}
