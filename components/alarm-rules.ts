import type * as pulumi from "@pulumi/pulumi";
import { type AlarmRule, ownMetric } from "./metric-alarm";

const WATCHED_QUEUES = ["failure", "dead-letter", "undelivered"] as const;

/** A queue that should be empty. */
export type WatchedQueue = (typeof WATCHED_QUEUES)[number];

export type AlarmName =
  // Written out: the TypeScript of Pulumi reads this type too, and knows no template of texts.
  | "failure-queue"
  | "dead-letter-queue"
  | "undelivered-queue"
  | "errors"
  | "throttles"
  | "action-failed"
  | "stop-budget"
  | "final-inconclusive"
  | "daemon-denied"
  | "ledger-unavailable"
  | "delivery-failed"
  | "order-refused"
  | "orders-unavailable"
  | "findings-unsent";

/** What there is to watch. */
export interface AlarmFacts {
  /** Name of the environment: a dimension of its metrics. */
  environment: string;
  functionName: pulumi.Input<string>;
  /** Queues that should be empty, by short name: the queue's name, and what a message in it means. */
  queues: { readonly [Queue in WatchedQueue]?: { readonly queueName: pulumi.Input<string>; readonly meaning: string } };
  /** Whether the environment makes findings in Security Hub. Default: false. */
  findings?: boolean | undefined;
}

/** The rules of all alarms. A queue that does not exist has none, and neither have findings that are not made. */
export function alarmRules({
  environment,
  functionName,
  queues,
  findings = false,
}: AlarmFacts): readonly AlarmRule<AlarmName>[] {
  const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
  const own = ownMetric(environment);
  const any = { statistic: "Sum", threshold: 1, period: 60 } as const;
  return [
    ...WATCHED_QUEUES.flatMap((queue) => queueRule(queue, queues[queue])),
    {
      alarm: "errors",
      ...ofFunction,
      description: "The verifier fails repeatedly. Launches are judged late or not at all. See its log.",
      metricName: "Errors",
      statistic: "Sum",
      // Single failures are retried. An event that fails for good goes to the failure queue, which has its own alarm.
      threshold: 5,
      period: 300,
    },
    {
      alarm: "throttles",
      ...ofFunction,
      ...any,
      description:
        "The verifier is throttled: launches are judged late. Raise its reserved concurrency, or that of the account.",
      metricName: "Throttles",
    },
    {
      alarm: "action-failed",
      ...own,
      ...any,
      description:
        "A denied task could not be stopped, or its deployment could not be rolled back. The task may be running. The " +
        "verifier retries. If the alarm persists, see responseError in the task's verdict, stop the task by hand, and " +
        "redrive the event from the failure queue.",
      metricName: "ActionFailed",
    },
    {
      alarm: "stop-budget",
      ...own,
      ...any,
      description:
        "Too many tasks of a cluster or family were denied within ten minutes: the rest keep running. Each stop waits " +
        "for the next ten minutes; after twelve tries its event is in the failure queue. An attack or a crash loop: raise " +
        "stopBudget, or stop the service. A mistake in the trust document: deploy mode audit, or stopBudget 0.",
      metricName: "StopBudgetUsedUp",
    },
    {
      alarm: "final-inconclusive",
      ...own,
      ...any,
      description:
        "An image could not be verified in time. Is the registry or AWS Signer unreachable? The verdict's code says which.",
      metricName: "FinalInconclusive",
    },
    {
      alarm: "daemon-denied",
      ...own,
      ...any,
      description:
        "A task of a managed daemon is denied and keeps running: such tasks are never stopped, since their instances " +
        "need them. See the verdict, and deploy the daemon with a trusted image.",
      metricName: "ManagedDaemonDenied",
    },
    {
      alarm: "ledger-unavailable",
      ...own,
      ...any,
      description:
        "The ledger could not be reached: tasks are still judged and stopped, but without the stop budget, and people may " +
        "be notified twice. Does the DynamoDB table exist, may the verifier's role use it, is it throttled? See the log.",
      metricName: "LedgerUnavailable",
    },
    {
      alarm: "delivery-failed",
      ...own,
      ...any,
      description:
        "A verdict's event or message could not be delivered. Delivery is retried; if that fails too, the event is in the " +
        "failure queue. Do the event bus and the topic exist, and may the verifier's role use them? See the log.",
      metricName: "DeliveryFailed",
    },
    {
      alarm: "order-refused",
      ...own,
      ...any,
      description:
        "The table of orders has an item that does not count as an order: unreadable, too long, or not proven with this " +
        "environment's key. It was ignored. Find out who wrote it. The log says which item.",
      metricName: "OrderRefused",
    },
    {
      alarm: "orders-unavailable",
      ...own,
      ...any,
      description:
        "The orders of the moment could not be read, or KMS could not be asked whether they are proven: images are judged " +
        "without the orders that the verifier does not know yet. Check that the table and the key exist, and that the " +
        "verifier's role may use them. The log says more.",
      metricName: "OrdersUnavailable",
    },
    ...(findings ? [unsentRule(environment)] : []),
  ];
}

/** The period has several tries to send them, so the alarm goes on until one succeeds: components/image-verification.ts. */
function unsentRule(environment: string): AlarmRule<AlarmName> {
  return {
    alarm: "findings-unsent",
    ...ownMetric(environment),
    description:
      "Findings could not be sent to Security Hub. They are kept, and sent as soon as it takes them. Is Security Hub CSPM " +
      "on in this account and region, and may the verifier's role send findings? The log says why it refused them.",
    metricName: "FindingsUnsent",
    statistic: "Sum",
    threshold: 1,
    period: 3600,
  };
}

function queueRule(queue: WatchedQueue, watched: AlarmFacts["queues"][WatchedQueue]): readonly AlarmRule<AlarmName>[] {
  if (watched === undefined) return [];
  return [
    {
      alarm: `${queue}-queue`,
      description: watched.meaning,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: watched.queueName },
      statistic: "Maximum",
      threshold: 1,
      period: 60,
    },
  ];
}
