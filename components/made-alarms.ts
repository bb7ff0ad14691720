import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { type AlarmRule, metricAlarmArgs } from "./metric-alarm";

/** The arguments of an alarm whose change silences it. */
export const SILENCING = ["actionsEnabled", "alarmActions"] as const;

/** Makes the alarm of each rule, for a component that has them as children. */
export function makeAlarms<Name extends string>(
  name: string,
  child: (alarm: Name, args: cloudwatch.MetricAlarmArgs) => [cloudwatch.MetricAlarmArgs, pulumi.CustomResourceOptions],
  rules: readonly AlarmRule<Name>[],
  { topicArn, runbookOf }: { readonly topicArn: pulumi.Input<string>; readonly runbookOf: (alarm: Name) => string },
): readonly cloudwatch.MetricAlarm[] {
  return rules.map(
    (rule) =>
      new cloudwatch.MetricAlarm(
        `${name}-${rule.alarm}`,
        ...child(rule.alarm, metricAlarmArgs(rule, topicArn, runbookOf(rule.alarm))),
      ),
  );
}
