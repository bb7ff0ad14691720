import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Settings } from "../baked-settings";
import { parseFamily } from "../ecs/arn";
import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import { parseServiceGroup } from "../ecs/service-group";
import type { VerdictRecord } from "./record-schema";
import type { ResponseOutcome } from "./response-outcome";
import { DONE } from "./response-outcome";
import { toWellFormed } from "./well-formed";

export interface RecordContext {
  readonly launch: Launch;
  readonly settings: Pick<Settings, "environment" | "mode">;
  readonly response: ResponseOutcome;
  readonly responseError?: string | undefined;
  readonly final: boolean;
  readonly tagMovedFrom?: string | undefined;
  readonly now: Date;
}

/** The record of one container's verdict. */
export function toRecord({ container, verdict }: ContainerVerdict, context: RecordContext): VerdictRecord {
  const { launch, settings, response, responseError, final, tagMovedFrom, now } = context;
  const service = parseServiceGroup(launch.group);
  const record = withoutUndefined({
    version: "2",
    environment: settings.environment,
    mode: settings.mode,
    enforcementPoint: "launch",
    subject: "task",
    account: launch.account,
    region: launch.region,
    cluster: launch.clusterArn,
    task: launch.taskArn,
    taskDefinition: launch.taskDefinitionArn,
    family: parseFamily(launch.taskDefinitionArn),
    group: launch.group,
    service,
    launchType: launch.launchType,
    lastStatus: launch.lastStatus,
    ...verdictFields({ container, verdict }),
    final,
    tagMovedFrom,
    response,
    done: DONE[response],
    responseError,
    taskCreatedAt: launch.createdAt.toISOString(),
    judgedAt: now.toISOString(),
  });
  return toWellFormed(record);
}

/** What a record says of the verdict itself, whatever it is about. */
export function verdictFields({ container, verdict }: ContainerVerdict) {
  const signatures: VerdictRecord["signatures"] = [...(verdict.counted ?? [])];
  const missing: VerdictRecord["missing"] | undefined = verdict.missing && [...verdict.missing];
  return {
    container,
    image: verdict.reference,
    digest: verdict.digest,
    status: verdict.status,
    code: verdict.code,
    detail: verdict.detail,
    provisional: verdict.provisional,
    signature: verdict.signature,
    signatures,
    missing,
    order: verdict.order,
    without: verdict.without,
  };
}
