import type * as pulumi from "@pulumi/pulumi";
import { type AlarmRule, ownMetric } from "../metric-alarm";

export type SweepAlarmName =
  | "missed"
  | "errors"
  | "worker-errors"
  | "dead-letter-queue"
  | "newly-denied"
  | "newly-revoked"
  | "not-judged"
  | "not-read"
  | "never-launched"
  | "signatures-ending"
  | "exemptions-ending";

/** What there is to watch of a sweep. */
export interface SweepAlarmFacts {
  /** Name of the environment: a dimension of its metrics. */
  environment: string;
  /** Hours between two sweeps: 1 to 24. */
  everyHours: number;
  /** Name of the coordinator's function. */
  functionName: pulumi.Input<string>;
  workerFunctionName: pulumi.Input<string>;
  deadLetterQueueName: pulumi.Input<string>;
}

/**
 * In seconds. CloudWatch looks back over at most seven days with periods of an hour, and over one day with shorter ones (API reference,
 * PutMetricAlarm): two intervals of 24 hours need the former.
 */
const HOUR = 3600;

/** The rules of the alarms of a sweep. */
export function sweepAlarmRules(facts: SweepAlarmFacts): readonly AlarmRule<SweepAlarmName>[] {
  return [...failureRules(facts), ...changeRules(facts), ...morningRules(facts)];
}

/** What keeps sweeps from being made, or whole. */
function failureRules({
  environment,
  everyHours,
  functionName,
  workerFunctionName,
  deadLetterQueueName,
}: SweepAlarmFacts): readonly AlarmRule<SweepAlarmName>[] {
  const errors = { namespace: "AWS/Lambda", metricName: "Errors", statistic: "Sum" } as const;
  const hours = 2 * everyHours;
  return [
    {
      alarm: "missed",
      ...ownMetric(environment),
      description:
        `No sweep has finished for ${hours} hours, twice the time between two. What runs is not judged again, so a ` +
        "revocation is not noticed. See the state of the schedule and the log of the sweep's functions.",
      metricName: "SweepFinished",
      statistic: "Sum",
      threshold: 1,
      period: HOUR,
      missedPeriods: hours,
      // Before the first sweep there is no sign of life. CloudWatch's maximum is two days, which is two intervals of 24 hours.
      warmUpMinutes: hours * 60,
    },
    {
      alarm: "errors",
      ...errors,
      dimensions: { FunctionName: functionName },
      description:
        "The coordinator of the sweep has failed again after a retry: this sweep may not be finished. See its log. The next " +
        "sweep begins anew.",
      // A single failure is retried.
      threshold: 2,
      period: HOUR,
    },
    {
      alarm: "worker-errors",
      ...errors,
      dimensions: { FunctionName: workerFunctionName },
      description:
        "The worker of the sweep has run out of time or memory, or could not be started, several times within five minutes: running " +
        "images are judged late or not at all. See its log. Launches are judged by another function.",
      threshold: 5,
      period: 300,
    },
    {
      alarm: "dead-letter-queue",
      description:
        "Running images could not be judged at any attempt, or a sweep could not be begun or gone on with. See the messages " +
        "and the log of the sweep's functions, then purge the queue: the next sweep finds the same images.",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetterQueueName },
      statistic: "Maximum",
      threshold: 1,
      period: 60,
    },
  ];
}

/** What has become worse since the sweep before: each is counted once. */
function changeRules({ environment }: SweepAlarmFacts): readonly AlarmRule<SweepAlarmName>[] {
  const any = { ...ownMetric(environment), statistic: "Sum", threshold: 1, period: 60 } as const;
  return [
    {
      alarm: "newly-denied",
      ...any,
      description:
        "Images that run are denied now, and were not before. The messages and the records of the sweep say which, where " +
        "they run and why. In audit they go on running.",
      metricName: "NewlyDenied",
    },
    {
      alarm: "newly-revoked",
      ...any,
      description:
        "Signatures of images that run were revoked or have expired since they were last judged. A revocation means that " +
        "somebody no longer trusts them: find out why, and replace these images. The messages of the sweep say which.",
      metricName: "NewlyRevokedOrExpired",
    },
  ];
}

/** What every sweep counts again until it is put right, and can wait for the morning. */
function morningRules({ environment, everyHours }: SweepAlarmFacts): readonly AlarmRule<SweepAlarmName>[] {
  // Of two intervals, so that one sweep that comes a little late does not end the alarm.
  const found = {
    ...ownMetric(environment),
    statistic: "Sum",
    threshold: 1,
    period: HOUR,
    heldPeriods: 2 * everyHours,
  } as const;
  return [
    {
      alarm: "not-judged",
      ...found,
      description:
        "For the morning: a sweep found running containers that it could not judge, or whose verdict was inconclusive. The next one " +
        "tries again. If it stays, the report and the log of the sweep's functions say which.",
      metricName: "ContainersNotJudged",
    },
    {
      alarm: "not-read",
      ...found,
      description:
        "For the morning: a sweep could not list the tasks of a cluster, so that nothing is known of what runs there. The next " +
        "one tries again. If it stays, see the log of the sweep's functions, and whether their roles may read that cluster.",
      metricName: "ClustersNotRead",
    },
    {
      alarm: "never-launched",
      ...found,
      description:
        "For the morning: images run in tasks that were started since the first sweep, and whose launch was not judged: events " +
        "may be lost. The report says which, in Coverage. See the rule for launches and the queues.",
      metricName: "NeverLaunched",
    },
    {
      alarm: "signatures-ending",
      ...found,
      description:
        "For the morning: signatures of running images expire within 30 days. Sign these images again, or deploy newer ones. " +
        "The report says which, in What ends.",
      metricName: "SignaturesEndingSoon",
    },
    {
      alarm: "exemptions-ending",
      ...found,
      description:
        "For the morning: exemptions of running images end within 30 days. Have the images signed, or decide on the " +
        "exemptions again. The report says which, in What ends.",
      metricName: "ExemptionsEnding",
    },
  ];
}
