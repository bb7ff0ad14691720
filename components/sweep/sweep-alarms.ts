import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { runbookOfSweepAlarm } from "../../verifier/src/reporting/runbook";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { makeAlarms, SILENCING } from "../made-alarms";
import { typeToken } from "../type-token";
import { type SweepAlarmFacts, type SweepAlarmName, sweepAlarmRules } from "./sweep-alarm-rules";

/** Changes to each alarm, by its short name. */
export type SweepAlarmsChildren = { readonly [Name in SweepAlarmName]?: Child<cloudwatch.MetricAlarmArgs> };

export const SWEEP_ALARMS_SENSITIVE: Sensitive<SweepAlarmsChildren> = {
  missed: [...SILENCING, "treatMissingData"],
  errors: SILENCING,
  "worker-errors": SILENCING,
  "dead-letter-queue": SILENCING,
  "newly-denied": SILENCING,
  "newly-revoked": SILENCING,
  "not-judged": SILENCING,
  "not-read": SILENCING,
  "never-launched": SILENCING,
  "signatures-ending": SILENCING,
  "exemptions-ending": SILENCING,
};

export interface SweepAlarmsArgs extends SweepAlarmFacts {
  /** ARN of the topic that alarms are published to. */
  topicArn: pulumi.Input<string>;
  /** URL of the runbook that alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SweepAlarmsChildren | undefined;
}

/** Alarms on sweeps that are missed or not whole, and on what they find. */
export class SweepAlarms extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string[]>;

  constructor(name: string, args: SweepAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SweepAlarms"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, SWEEP_ALARMS_SENSITIVE);
    const alarms = makeAlarms(name, child, sweepAlarmRules(args), {
      topicArn: args.topicArn,
      runbookOf: (alarm) => runbookOfSweepAlarm(alarm, args.runbookUrl),
    });
    this.arns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ arns: this.arns });
  }
}
