import type * as pulumi from "@pulumi/pulumi";
import type { AlarmRule } from "../metric-alarm";
import { CHANGE_KINDS, type ChangeKind } from "./change-patterns";

const DESCRIPTIONS: Readonly<Record<ChangeKind, string>> = {
  functions:
    "Somebody other than the deployment's role changed a function of the image verification: its code, settings, concurrency, " +
    "permissions or an alias. Images may be judged otherwise, or not at all. The message and CloudTrail say who.",
  rules:
    "Somebody other than the deployment's role changed a rule of the image verification or its targets. Launches may not reach the " +
    "verifier. The message and CloudTrail say who.",
  roles:
    "Somebody other than the deployment's role changed a role of the image verification or one of its policies. It may do more, or " +
    "not what it needs. The message and CloudTrail say who.",
  data:
    "Somebody other than the deployment's role changed the key of the orders, the ledger, the table of the orders, or the signing " +
    "profile. Orders may be lost, or others may give them or sign. The message and CloudTrail say who.",
  queues:
    "Somebody other than the deployment's role changed, emptied or deleted a queue of the image verification. Launches, verdicts or stops " +
    "that wait in it may be lost. The message and CloudTrail say who.",
  signing:
    "Somebody other than the CI's role signed with the signing profile: what it signed is trusted. The message and CloudTrail say who.",
};

/** The rules of the alarms on changes: each rings when its rule of EventBridge has matched a call. */
export function changeAlarmRules(
  rules: Readonly<Partial<Record<ChangeKind, pulumi.Input<string>>>>,
): readonly AlarmRule<ChangeKind>[] {
  return CHANGE_KINDS.flatMap((kind) => {
    const name = rules[kind];
    if (name === undefined) return [];
    return [
      {
        alarm: kind,
        description: DESCRIPTIONS[kind],
        // EventBridge user guide, "EventBridge metrics".
        namespace: "AWS/Events",
        metricName: "TriggeredRules",
        dimensions: { RuleName: name },
        statistic: "Sum",
        threshold: 1,
        period: 60,
      },
    ];
  });
}
