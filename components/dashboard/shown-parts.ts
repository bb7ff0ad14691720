import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Alarms } from "../alarms";
import type { Canary } from "../canary/canary";
import type { ChangeAlarms } from "../changes/change-alarms";
import type { LaunchDetector } from "../detector/launch-detector";
import type { VerifierFunction } from "../detector/verifier-function";
import type { DeploymentGate } from "../gate/deployment-gate";
import type { Notifications } from "../notifications/notifications";
import type { Sweep } from "../sweep/sweep";
import type { DashboardArgs } from "./dashboard";

/** The parts of an environment that a dashboard shows something of. */
export interface ShownParts {
  readonly verifier: VerifierFunction;
  readonly detector: LaunchDetector;
  readonly notifications: Notifications;
  readonly alarms: Alarms;
  readonly gate: DeploymentGate | undefined;
  readonly sweep: Sweep | undefined;
  readonly canary: Canary | undefined;
  readonly changes: ChangeAlarms | undefined;
}

/** What the dashboard shows of the parts. */
export function shownParts({
  verifier,
  detector,
  notifications: { undeliveredQueueName: undelivered },
  alarms,
  gate,
  sweep,
  canary,
  changes,
}: ShownParts): Omit<DashboardArgs, "environment"> {
  return {
    functions: [
      { title: "launch verifier", functionName: verifier.functionName },
      ...(gate === undefined
        ? []
        : [
            { title: "gate", functionName: gate.functionName },
            { title: "keeper", functionName: gate.keeperFunctionName },
          ]),
      ...(canary === undefined ? [] : [{ title: "canary", functionName: canary.functionName }]),
      ...(sweep === undefined
        ? []
        : [
            { title: "sweep, coordinator", functionName: sweep.functionName },
            { title: "sweep, worker", functionName: sweep.workerFunctionName },
          ]),
    ],
    hasCanary: canary !== undefined,
    hasSweep: sweep !== undefined,
    queues: [
      { title: "failure queue", queueName: verifier.failureQueueName },
      { title: "dead-letter queue", queueName: detector.deadLetterQueueName },
      { title: "stops that wait", queueName: verifier.postponedQueueName },
      ...(undelivered === undefined ? [] : [{ title: "undelivered", queueName: undelivered }]),
      ...(sweep === undefined
        ? []
        : [
            { title: "sweep", queueName: sweep.queueName },
            { title: "sweep, dead-letter queue", queueName: sweep.deadLetterQueueName },
          ]),
    ],
    logGroupName: verifier.logGroupName,
    ...withoutUndefined({ gateLogGroupName: gate?.logGroupName }),
    alarmArns: pulumi
      .all([
        alarms.arns,
        gate?.alarmArns ?? [],
        sweep?.alarmArns ?? [],
        canary?.alarmArns ?? [],
        changes?.alarmArns ?? [],
      ])
      .apply((arns) => arns.flat()),
  };
}
