import type * as pulumi from "@pulumi/pulumi";
import { type AlarmRule, ownMetric } from "../metric-alarm";

export type GateAlarmName =
  | "heartbeat"
  | "errors"
  | "throttles"
  | "not-active"
  | "failed"
  | "already-running"
  | "opened"
  | "removed"
  | "keeper-failed"
  | "keeper-errors";

/** What there is to watch of a gate. */
export interface GateAlarmFacts {
  /** Name of the environment: a dimension of its metrics. */
  environment: string;
  /** Name of the gate's function. */
  functionName: pulumi.Input<string>;
  keeperFunctionName: pulumi.Input<string>;
}

/** How often the gate's function is called without a deployment, in minutes. */
export const HEARTBEAT_MINUTES = 15;

/** The rules of the alarms of a gate. */
export function gateAlarmRules({
  environment,
  functionName,
  keeperFunctionName,
}: GateAlarmFacts): readonly AlarmRule<GateAlarmName>[] {
  const of = (name: pulumi.Input<string>) => ({ namespace: "AWS/Lambda", dimensions: { FunctionName: name } });
  const any = { statistic: "Sum", threshold: 1, period: 60 } as const;
  const own = { ...ownMetric(environment), ...any };
  return [
    {
      alarm: "heartbeat",
      ...ownMetric(environment),
      description:
        "The deployment gate has not answered for half an hour. Amazon ECS rolls back the deployments of every service " +
        "with its hook, in audit too. See the log and the state of its function; docs/gate.md says how to detach it.",
      metricName: "GateHeartbeat",
      statistic: "Sum",
      threshold: 1,
      period: HEARTBEAT_MINUTES * 60,
      missedPeriods: 2,
    },
    {
      alarm: "errors",
      ...of(functionName),
      ...any,
      description:
        "The deployment gate ended without an answer. Amazon ECS rolls back a deployment that was waiting for it, and says " +
        "that it could not parse the response. See the log of its function.",
      metricName: "Errors",
    },
    {
      alarm: "throttles",
      ...of(functionName),
      ...any,
      description:
        "The deployment gate is throttled: Amazon ECS rolls back the deployments that it could not ask for. Raise " +
        "gate.reservedConcurrency, or the account's limit of concurrent executions.",
      metricName: "Throttles",
    },
    {
      alarm: "not-active",
      ...own,
      description:
        "The function of the deployment gate cannot be invoked: its state is not Active. Amazon ECS rolls back the " +
        "deployments of every service with its hook. See the reason in the Lambda console; deploy again, or detach it.",
      metricName: "GateNotActive",
    },
    {
      alarm: "failed",
      ...own,
      description:
        "The deployment gate could not read or judge what is deployed. It asks Amazon ECS to call again, and in the end does what " +
        "onInconclusive says; in audit it lets it pass. See the error in the log of its function.",
      metricName: "GateError",
    },
    {
      alarm: "already-running",
      ...own,
      description:
        "The deployment gate let images pass that it denies, because the service runs them already: a roll-back must " +
        "work. Sign them, or replace them. The records with the outcome already-running say which.",
      metricName: "GateAlreadyRunning",
    },
    {
      alarm: "opened",
      ...own,
      description:
        "The deployment gate was open for a service, and let images pass that it denies. The record says by whose order " +
        "and why. Close it when the reason is gone: docs/gate.md.",
      metricName: "GateOpened",
    },
    {
      alarm: "removed",
      ...own,
      description:
        "Somebody took the deployment gate away from a service. It is not attached again by itself. The message says who " +
        "did it, if CloudTrail could be read. Attach it again, or take the service off the list.",
      metricName: "GateRemoved",
    },
    {
      alarm: "keeper-failed",
      ...own,
      description:
        "The keeper could not look at a service, or not attach the gate to it. Its deployments may go unverified before " +
        "their start; the detector still sees its tasks. See the keeper's log.",
      metricName: "KeeperFailed",
    },
    {
      alarm: "keeper-errors",
      ...of(keeperFunctionName),
      description:
        "The keeper fails repeatedly: nothing attaches the gate, or notices that it was taken away. See the keeper's log. " +
        "A removal of the gate that was refused counts as well.",
      metricName: "Errors",
      statistic: "Sum",
      // Single failures are made up for by the next call.
      threshold: 3,
      period: 3600,
    },
  ];
}
