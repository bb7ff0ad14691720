import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../verifier/src/reporting/metrics";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { typeToken } from "./type-token";

const WATCHED_QUEUES = ["failure", "dead-letter", "undelivered"] as const;

/** A queue in which nothing should be. */
type WatchedQueue = (typeof WATCHED_QUEUES)[number];

/** The alarms there are. */
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

/** The alarms, by their short names. */
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
  /** Queues in which nothing should be: by a short name, that of the queue and what a message in it means. */
  queues: { readonly [Queue in WatchedQueue]?: { readonly queueName: pulumi.Input<string>; readonly meaning: string } };
  /** Changes to single resources that it makes: docs/components.md. */
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
  /** From this value on, within {@link AlarmRule.period}. */
  readonly threshold: number;
  /** In seconds. */
  readonly period: number;
}

/** Alarms on everything that means that launches are not judged, not acted on, or that nobody was told. */
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

/** The alarms there are, without those on queues that are not there. */
export function alarmRules(args: Pick<AlarmsArgs, "environment" | "functionName" | "queues">): readonly AlarmRule[] {
  const { environment, functionName, queues } = args;
  const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
  // The dimensions of verifier/src/reporting/metrics.ts; `service` is Powertools' own.
  const own = { namespace: METRIC_NAMESPACE, dimensions: { service: "ecs-image-verification", environment } };
  const any = { statistic: "Sum", threshold: 1, period: 60 } as const;
  return [
    ...WATCHED_QUEUES.flatMap((queue) => queueRule(queue, queues[queue])),
    {
      alarm: "errors",
      ...ofFunction,
      description: "The verifier fails again and again. Launches are judged late or not at all. See its log.",
      metricName: "Errors",
      statistic: "Sum",
      // Single failures are retried; what fails for good is in a queue with an alarm of its own.
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
        "A denied task could not be stopped, or its deployment not rolled back: it may be running. It is tried again. " +
        "If it stays so, see responseError in its verdict, stop the task by hand, and give the event back from the " +
        "failure queue.",
      metricName: "ActionFailed",
    },
    {
      alarm: "stop-budget",
      ...own,
      ...any,
      description:
        "Too many tasks of a cluster or family were denied within ten minutes: the others go on running. Each waits for " +
        "the next ten minutes, and after twelve times is in the failure queue. An attack or a crash loop: raise " +
        "stopBudget, or stop the service. A mistake in the trust document: deploy mode audit, or stopBudget 0.",
      metricName: "StopBudgetUsedUp",
    },
    {
      alarm: "final-inconclusive",
      ...own,
      ...any,
      description:
        "An image could not be verified in time. Is the registry or AWS Signer out of reach? The verdict's code says which.",
      metricName: "FinalInconclusive",
    },
    {
      alarm: "daemon-denied",
      ...own,
      ...any,
      description:
        "A task of a managed daemon is denied and goes on running: such tasks are never stopped, since their instances " +
        "need them. See the verdict, and deploy the daemon with an image that is trusted.",
      metricName: "ManagedDaemonDenied",
    },
    {
      alarm: "ledger-unavailable",
      ...own,
      ...any,
      description:
        "The ledger could not be reached: tasks are still judged and stopped, without the stop budget, and things " +
        "may be told twice. Is the DynamoDB table there, may the verifier's role use it, is it throttled? The log says.",
      metricName: "LedgerUnavailable",
    },
    {
      alarm: "delivery-failed",
      ...own,
      ...any,
      description:
        "A verdict's event or message could not be delivered. It is tried again, and is in the failure queue if that fails " +
        "too. May the verifier's role use the event bus and the topic, and are they there? The log says.",
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
