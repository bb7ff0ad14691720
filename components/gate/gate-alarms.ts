import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { runbookOfGateAlarm } from "../../verifier/src/reporting/runbook";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { makeAlarms, SILENCING } from "../made-alarms";
import { typeToken } from "../type-token";
import { type GateAlarmFacts, type GateAlarmName, gateAlarmRules } from "./gate-alarm-rules";

/** Changes to each alarm, by its short name. */
export type GateAlarmsChildren = { readonly [Name in GateAlarmName]?: Child<cloudwatch.MetricAlarmArgs> };

export const GATE_ALARMS_SENSITIVE: Sensitive<GateAlarmsChildren> = {
  heartbeat: [...SILENCING, "treatMissingData"],
  errors: SILENCING,
  throttles: SILENCING,
  "not-active": SILENCING,
  failed: SILENCING,
  "already-running": SILENCING,
  opened: SILENCING,
  removed: SILENCING,
  "keeper-failed": SILENCING,
  "keeper-errors": SILENCING,
};

export interface GateAlarmsArgs extends GateAlarmFacts {
  /** ARN of the topic that alarms are published to. */
  topicArn: pulumi.Input<string>;
  /** URL of the runbook that alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: GateAlarmsChildren | undefined;
}

/** Alarms on a gate that does not answer, on what it let pass, and on services that it was taken away from. */
export class GateAlarms extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string[]>;

  constructor(name: string, args: GateAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("GateAlarms"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, GATE_ALARMS_SENSITIVE);
    const alarms = makeAlarms(name, child, gateAlarmRules(args), {
      topicArn: args.topicArn,
      runbookOf: (alarm) => runbookOfGateAlarm(alarm, args.runbookUrl),
    });
    this.arns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ arns: this.arns });
  }
}
