import type { ContainerVerdict } from "../ecs/launch-verdict";
import { chatText } from "../reporting/chat-text";
import { deliverRecord, type MessageKey } from "../reporting/deliver-record";
import { verdictKey } from "../reporting/earlier-verdicts";
import { tellFirstUse } from "../reporting/order-use";
import type { VerdictRecord } from "../reporting/record-schema";
import { GATE_DONE } from "../reporting/response-outcome";
import { isBad } from "../verification/verdict";
import { within } from "../within";
import type { HookCall } from "./call";
import { type DeploymentContext, toDeploymentRecord } from "./deployment-record";
import type { Gate } from "./gate";
import type { Target } from "./target";
import { tellUnjudged } from "./tell-unjudged";

/** How long a message waits to know whom the service belongs to, in milliseconds. */
const OWNER_LIMIT_MS = 1000;

export interface DeploymentReport extends Pick<DeploymentContext, "mode" | "outcome" | "opening"> {
  readonly call: HookCall;
  /** Undefined if what is deployed could not be read. */
  readonly target?: Target | undefined;
  readonly containers: readonly ContainerVerdict[];
}

/**
 * Records the verdicts on a deployment, once for each container, and tells people of those that are not trusted. Never
 * rejects: the answer to ECS does not depend on it, and what cannot be delivered is counted.
 */
export async function reportDeployment(gate: Gate, report: DeploymentReport): Promise<void> {
  const { target, containers, call, outcome } = report;
  if (target === undefined) {
    gate.gateLog.warn("Answered without knowing what is deployed", { call, outcome });
    if (outcome !== "waiting") await tellUnjudged(gate, call, { done: GATE_DONE[outcome], opening: report.opening });
    return;
  }
  const isRefused = outcome === "refused" || outcome === "refused-first-deployment";
  const owner = isRefused ? await within(gate.ownerOf(call.serviceArn), OWNER_LIMIT_MS) : undefined;
  const context = {
    ...report,
    owner,
    environment: gate.settings.environment,
    taskDefinitionArn: target.taskDefinitionArn,
    now: new Date(gate.now()),
  };
  await Promise.all(containers.map((one) => reportContainer(gate, one, toDeploymentRecord(one, context), call)));
}

async function reportContainer(
  gate: Gate,
  { container, verdict }: ContainerVerdict,
  record: VerdictRecord,
  { serviceArn, deploymentArn }: HookCall,
): Promise<void> {
  try {
    if (!record.final) return gate.log.verdict(record);
    const news = `${verdictKey(container, verdict)}#${record.response}`;
    if (!isBad(record.status)) {
      await deliverRecord(gate, record, news, undefined);
      await tellFirstUse(gate, record);
      return;
    }
    const message = await findMessage(gate, record, { serviceArn, deploymentArn, news });
    const told =
      message === undefined ? record : { ...record, count: 1, chat: chatText({ ...record, count: 1 }, gate.logGroup) };
    await deliverRecord(gate, told, news, message);
  } catch (error) {
    gate.metrics.deliveryFailed();
    gate.log.failure(`The record of ${container} could not be delivered`, toError(error));
  }
}

/**
 * What identifies the message about a record; undefined if people have it already. What was only audited is told once for each
 * service, digest and code: the service is deployed again and again. Everything else is told for each deployment.
 */
async function findMessage(
  { ledger }: Gate,
  { response, digest, image, code }: VerdictRecord,
  of: { readonly serviceArn: string; readonly deploymentArn: string; readonly news: string },
): Promise<MessageKey | undefined> {
  if (response !== "audited") return { about: of.deploymentArn, key: `message#${of.news}` };
  const key = `gate-message#${digest ?? image}#${code}`;
  const isTold = (await ledger.outcomesOf(of.serviceArn, key)).some((told) => told.key === key);
  return isTold ? undefined : { about: of.serviceArn, key };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
