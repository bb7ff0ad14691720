import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { readDeploymentRecords } from "../../automation/operations/gate/gate-log";
import { readLogLines } from "../../automation/operations/log-lines";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { CALL_LINES, type LoggedCall, readCallLine } from "../../verifier/src/gate/call-line";
import type { Context } from "../context";
import type { Clock } from "./clock";

/** A line of the log can be found some time after it was written. */
export const LOG_LIMIT_MS = 3 * 60_000;
const POLL_MS = 5_000;

/** What the log of the gate says of one deployment. */
export interface GateCalls {
  /** The stages at which ECS has asked. */
  readonly stages: readonly string[];
  /** What the gate has recorded. It records the same verdict once, though it is asked at both stages. */
  readonly records: readonly ReadRecord[];
  /** Both, in a few sentences. */
  readonly text: string;
}

export interface GateCallsOptions {
  readonly logGroup: string;
  readonly since: Date;
  readonly deployment: ServiceDeployment;
  /** The stages that are waited for. */
  readonly stages: readonly string[];
  readonly clock: Clock;
}

/** Reads the calls and records once there are a call at each stage and a record, or the time is up. */
export async function readGateCalls(
  { clients: { logs }, signal }: Context,
  { logGroup, since, deployment: { serviceDeploymentArn = "" }, stages: wanted, clock }: GateCallsOptions,
): Promise<GateCalls> {
  const deadline = clock.now() + LOG_LIMIT_MS;
  const log = { client: logs, logGroup };
  for (;;) {
    const calls: LoggedCall[] = [];
    for await (const { message = "" } of readLogLines({ ...log, pattern: CALL_LINES, from: since.getTime() })) {
      const call = message.includes(serviceDeploymentArn) ? readCallLine(message) : undefined;
      if (call !== undefined) calls.push(call);
    }
    const records = await readDeploymentRecords(log, serviceDeploymentArn, { createdAt: since });
    const stages = calls.flatMap(({ stage }) => stage ?? []);
    const isComplete = wanted.every((stage) => stages.includes(stage)) && records.length > 0;
    if (isComplete || clock.now() >= deadline) return { stages, records, text: callsText(calls, records) };
    await clock.pause(POLL_MS, signal);
  }
}

function callsText(calls: readonly LoggedCall[], records: readonly ReadRecord[]): string {
  const asked = calls.map(({ stage = "an unknown stage", problem }) =>
    problem === undefined ? stage : `${stage} (the gate could not read the call: ${problem})`,
  );
  const recorded = records.map(({ stage, status, code, response, provisional, digest = "no digest" }) => {
    const how = provisional ? "provisional" : "by digest";
    return `${stage}: ${status}, ${code} (${how}, ${digest}), ${response}.`;
  });
  return [
    asked.length === 0 ? "The gate's log has no call for it." : `ECS asked at ${[...new Set(asked)].join(" and ")}.`,
    ...(recorded.length === 0 ? ["It has no verdict on it."] : recorded),
  ].join(" ");
}
