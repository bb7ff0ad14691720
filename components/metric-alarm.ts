import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../verifier/src/reporting/public-names";

/**
 * What an alarm watches, and what it tells the person on call.
 *
 * @typeParam Name Short names of alarms.
 */
export interface AlarmRule<Name extends string> {
  readonly alarm: Name;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  /** The alarm fires when the statistic reaches this value within {@link AlarmRule.period}. */
  readonly threshold: number;
  /** In seconds. */
  readonly period: number;
  /** For a sign of life: the alarm fires when the statistic stays below the threshold for so many periods. */
  readonly missedPeriods?: number;
  /** For what is counted from time to time: the alarm stays as long as the statistic reached the threshold in one of so many periods. */
  readonly heldPeriods?: number;
  /** For a sign of life that may come late at first: how long the alarm waits after it was made, in minutes. */
  readonly warmUpMinutes?: number;
}

/** Where the metrics of our own code are: the dimensions of verifier/src/reporting/metrics.ts; Powertools adds `service`. */
export function ownMetric(environment: string) {
  return { namespace: METRIC_NAMESPACE, dimensions: { service: "ecs-image-verification", environment } };
}

/**
 * The arguments of an alarm that tells a topic of its beginning and its end.
 *
 * @param runbook Where people read what to do about it.
 */
export function metricAlarmArgs<Name extends string>(
  { alarm: _, description, missedPeriods, heldPeriods = 1, warmUpMinutes, ...rule }: AlarmRule<Name>,
  topicArn: pulumi.Input<string>,
  runbook: string,
): cloudwatch.MetricAlarmArgs {
  return {
    ...rule,
    alarmDescription: `${description} Runbook: ${runbook}`,
    ...(missedPeriods === undefined
      ? {
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          evaluationPeriods: heldPeriods,
          ...(heldPeriods === 1 ? {} : { datapointsToAlarm: 1 }),
          treatMissingData: "notBreaching",
        }
      : {
          comparisonOperator: "LessThanThreshold",
          evaluationPeriods: missedPeriods,
          treatMissingData: "breaching",
        }),
    ...(warmUpMinutes === undefined
      ? {}
      : {
          warmUpConfiguration: {
            warmUpPeriodDurationInMinutes: warmUpMinutes,
            onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
          },
        }),
    alarmActions: [topicArn],
    okActions: [topicArn],
  };
}
