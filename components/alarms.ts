import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../verifier/src/reporting/metrics";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { typeToken } from "./type-token";

const WATCHED_QUEUES = ["failure", "dead-letter", "undelivered"] as const;

/** A queue that should be empty. */
type WatchedQueue = (typeof WATCHED_QUEUES)[number];

type AlarmName =
  | `${WatchedQueue}-queue`
  | "errors"
  | "throttles"
  | "action-failed"
  | "stop-budget"
  | "final-inconclusive"
  | "daemon-denied"
  | "ledger-unavailable"
  | "delivery-failed";

/** Changes to each alarm, by its short name. */
export type AlarmsChildren = { readonly [Name in AlarmName]?: Child<cloudwatch.MetricAlarmArgs> };

const SILENCING = ["actionsEnabled", "alarmActions"] as const;

export const ALARMS_SENSITIVE: Sensitive<AlarmsChildren> = {
  "failure-queue": SILENCING,
  "dead-letter-queue": SILENCING,
  "undelivered-queue": SILENCING,
  errors: SILENCING,
  throttles: SILENCING,
  "action-failed": SILENCING,
  "stop-budget": SILENCING,
  "final-inconclusive": SILENCING,
  "daemon-denied": SILENCING,
  "ledger-unavailable": SILENCING,
  "delivery-failed": SILENCING,
};

export interface AlarmsArgs {
  /** Name of the environment: a dimension of its metrics. */
  environment: string;
  /** ARN of the topic that alarms are published to. */
  topicArn: pulumi.Input<string>;
  functionName: pulumi.Input<string>;
  /** Queues that should be empty, by short name: the queue's name, and what a message in it means. */
  queues: { readonly [Queue in WatchedQueue]?: { readonly queueName: pulumi.Input<string>; readonly meaning: string } };
  /** Changes to single resources of this component: docs/components.md. */
  children?: AlarmsChildren | undefined;
}

/** What an alarm watches, and what it tells the person on call. */
export interface AlarmRule {
  readonly alarm: AlarmName;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  /** The alarm fires when the statistic reaches this value within {@link AlarmRule.period}. */
  readonly threshold: number;
  /** In seconds. */
  readonly period: number;
}

/** Alarms on launches that are not judged, denials that are not acted on, and verdicts that are not delivered. */
export class Alarms extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string[]>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("Alarms"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, ALARMS_SENSITIVE);
    const alarms = alarmRules(args).map(
      ({ alarm, description, ...rule }) =>
        new cloudwatch.MetricAlarm(
          `${name}-${alarm}`,
          ...child(alarm, {
            ...rule,
            alarmDescription: description,
            comparisonOperator: "GreaterThanOrEqualToThreshold",
            evaluationPeriods: 1,
            treatMissingData: "notBreaching",
            alarmActions: [args.topicArn],
            okActions: [args.topicArn],
          }),
        ),
    );
    this.arns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ arns: this.arns });
  }
}

/** The rules of all alarms. A queue that does not exist has none. */
export function alarmRules(args: Pick<AlarmsArgs, "environment" | "functionName" | "queues">): readonly AlarmRule[] {
  const { environment, functionName, queues } = args;
  const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
  // The dimensions of verifier/src/reporting/metrics.ts; Powertools adds `service`.
  const own = { namespace: METRIC_NAMESPACE, dimensions: { service: "ecs-image-verification", environment } };
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
  ];
}

function queueRule(queue: WatchedQueue, watched: AlarmsArgs["queues"][WatchedQueue]): readonly AlarmRule[] {
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
