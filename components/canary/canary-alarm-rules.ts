import { type AlarmRule, ownMetric } from "../metric-alarm";

export type CanaryAlarmName = "missed" | "silent";

/** What there is to watch of a canary. */
export interface CanaryAlarmFacts {
  /** Name of the environment: a dimension of its metrics. */
  environment: string;
  /** How often it runs, in hours. */
  everyHours: number;
}

/** The rules of the alarms of a canary. */
export function canaryAlarmRules({ environment, everyHours }: CanaryAlarmFacts): readonly AlarmRule<CanaryAlarmName>[] {
  const own = { ...ownMetric(environment), statistic: "Sum", threshold: 1 } as const;
  return [
    {
      alarm: "missed",
      ...own,
      description:
        "The canary's unsigned task was not denied within a minute: launches may go unverified. Follow the path of its event: the " +
        "rule, the function, its log, the ledger.",
      metricName: "CanaryMissed",
      period: 60,
    },
    {
      alarm: "silent",
      ...own,
      description:
        "No run of the canary has seen its unsigned task denied for two intervals: it does not run, its task cannot be started, or it " +
        "is not denied. See the log of its function.",
      metricName: "CanaryDenied",
      // At most seven days in all (API reference, PutMetricAlarm).
      period: everyHours * 3600,
      missedPeriods: 2,
      // Before the first run there is no sign of life. CloudWatch's maximum is two days, which is two intervals of 24 hours.
      warmUpMinutes: 2 * everyHours * 60,
    },
  ];
}
