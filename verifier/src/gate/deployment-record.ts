import { withoutUndefined } from "../../../trust/text/without-undefined";
import { parseFamily } from "../ecs/arn";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Opening } from "../orders/opening";
import { verdictFields } from "../reporting/record";
import type { VerdictRecord } from "../reporting/record-schema";
import { GATE_DONE, type GateOutcome } from "../reporting/response-outcome";
import { toWellFormed } from "../reporting/well-formed";
import type { OrderEvidence } from "../verification/verdict";
import type { HookCall } from "./call";
import type { GateMode } from "./hook";

/** What a record about a deployment says beside the verdict. */
export interface DeploymentContext {
  /** Name of the environment. */
  readonly environment: string;
  readonly call: HookCall;
  readonly taskDefinitionArn: string;
  /** The gate's mode for this service. */
  readonly mode: GateMode;
  readonly outcome: GateOutcome;
  readonly opening?: Opening | undefined;
  readonly owner?: string | undefined;
  readonly now: Date;
}

/** The record of the verdict on one container of a deployment. */
export function toDeploymentRecord(
  { container, verdict }: ContainerVerdict,
  context: DeploymentContext,
): VerdictRecord {
  const { call, outcome, taskDefinitionArn, opening, owner } = context;
  const [, , , region = "", account = ""] = call.serviceArn.split(":");
  const fields = verdictFields({ container, verdict });
  const record = withoutUndefined({
    version: "2",
    environment: context.environment,
    mode: context.mode,
    enforcementPoint: "deployment",
    subject: "deployment",
    account,
    region,
    cluster: call.clusterArn,
    deployment: call.deploymentArn,
    serviceRevision: call.revisionArn,
    stage: call.stage,
    owner: owner || undefined,
    taskDefinition: taskDefinitionArn,
    family: parseFamily(taskDefinitionArn),
    group: `service:${call.serviceName}`,
    service: call.serviceName,
    ...fields,
    final: outcome !== "waiting",
    order: fields.order ?? (opening && toEvidence(opening)),
    response: outcome,
    done: GATE_DONE[outcome],
    judgedAt: context.now.toISOString(),
  });
  return toWellFormed(record);
}

function toEvidence({ service: _service, ...evidence }: Opening): OrderEvidence {
  return evidence;
}
