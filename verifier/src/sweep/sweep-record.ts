import { withoutUndefined } from "../../../trust/text/without-undefined";
import { parseEcsArn, parseFamily } from "../ecs/arn";
import { parseServiceGroup } from "../ecs/service-group";
import { verdictFields } from "../reporting/record";
import type { VerdictRecord } from "../reporting/record-schema";
import { SWEEP_DONE, type SweepOutcome } from "../reporting/response-outcome";
import { toWellFormed } from "../reporting/well-formed";
import type { Verdict } from "../verification/verdict";
import type { SweepMode } from "./mode";
import type { SweptPlace } from "./swept-image";

export interface SweepRecordContext {
  /** Name of the environment. */
  readonly environment: string;
  readonly mode: SweepMode;
  readonly outcome: SweepOutcome;
  readonly error?: string | undefined;
  readonly now: Date;
}

/** The record of the verdict on the containers of one place that run an image. */
export function toSweepRecord(place: SweptPlace, verdict: Verdict, context: SweepRecordContext): VerdictRecord {
  const { cluster, group, container, containers, task } = place;
  const { outcome, error, now } = context;
  const { account = "", region = "" } = parseEcsArn(cluster) ?? {};
  const record = withoutUndefined({
    version: "2",
    environment: context.environment,
    mode: context.mode,
    enforcementPoint: "sweep",
    subject: "running-container",
    account,
    region,
    cluster,
    task: task.arn,
    taskDefinition: task.taskDefinition,
    family: parseFamily(task.taskDefinition),
    group,
    service: parseServiceGroup(group),
    launchType: task.launchType,
    containers,
    ...verdictFields({ container, verdict }),
    final: true,
    response: outcome,
    done: SWEEP_DONE[outcome],
    responseError: error,
    taskCreatedAt: task.createdAt,
    judgedAt: now.toISOString(),
  });
  return toWellFormed(record);
}
