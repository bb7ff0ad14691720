import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { runbookOfAlarm } from "../verifier/src/reporting/runbook";
import { type AlarmFacts, type AlarmName, alarmRules } from "./alarm-rules";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { makeAlarms, SILENCING } from "./made-alarms";
import { typeToken } from "./type-token";

/** Changes to each alarm, by its short name. */
export type AlarmsChildren = { readonly [Name in AlarmName]?: Child<cloudwatch.MetricAlarmArgs> };

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
  "order-refused": SILENCING,
  "orders-unavailable": SILENCING,
  "findings-unsent": SILENCING,
};

export interface AlarmsArgs extends AlarmFacts {
  /** ARN of the topic that alarms are published to. */
  topicArn: pulumi.Input<string>;
  /** URL of the runbook that alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: AlarmsChildren | undefined;
}

/** Alarms on launches that are not judged, denials that are not acted on, and verdicts that are not delivered. */
export class Alarms extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string[]>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("Alarms"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, ALARMS_SENSITIVE);
    const alarms = makeAlarms(name, child, alarmRules(args), {
      topicArn: args.topicArn,
      runbookOf: (alarm) => runbookOfAlarm(alarm, args.runbookUrl),
    });
    this.arns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ arns: this.arns });
  }
}
