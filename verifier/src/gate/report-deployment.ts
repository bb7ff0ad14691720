import type { ContainerVerdict } from "../ecs/launch-verdict";
import { chatText } from "../reporting/chat-text";
import { deliverRecord } from "../reporting/deliver-record";
import { verdictKey } from "../reporting/earlier-verdicts";
import { tellFirstUse } from "../reporting/order-use";
import type { VerdictRecord } from "../reporting/record-schema";
import type { HookCall } from "./call";
import { type DeploymentContext, toDeploymentRecord } from "./deployment-record";
import type { Gate } from "./gate";
import type { Target } from "./target";

export interface DeploymentReport extends Pick<DeploymentContext, "mode" | "outcome" | "opening" | "owner"> {
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
    return;
  }
  const context = {
    ...report,
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
    const key = verdictKey(container, verdict);
    if (!isBad(record)) {
      await deliverRecord(gate, record, key, undefined);
      await tellFirstUse(gate, record);
      return;
    }
    const news = `${key}#${record.response}`;
    const message = (await isNews(gate, record, serviceArn, deploymentArn))
      ? { about: deploymentArn, key: `message#${news}` }
      : undefined;
    const told =
      message === undefined ? record : { ...record, count: 1, chat: chatText({ ...record, count: 1 }, gate.logGroup) };
    await deliverRecord(gate, told, news, message);
  } catch (error) {
    gate.metrics.deliveryFailed();
    gate.log.failure(`The record of ${container} could not be delivered`, toError(error));
  }
}

/**
 * What was only audited is told once for each service, digest and code: the service is deployed again and again. Everything
 * else is told for each deployment.
 */
async function isNews(
  { ledger }: Gate,
  { response, digest, image, code }: VerdictRecord,
  serviceArn: string,
  deploymentArn: string,
): Promise<boolean> {
  if (response !== "audited") return true;
  const first = await ledger.once(serviceArn, `gate-told#${digest ?? image}#${code}`, async () => deploymentArn);
  // The deployment that is told first may ask again, at its second stage or after a failed delivery.
  return first.state === "done" && first.outcome === deploymentArn;
}

function isBad({ status }: VerdictRecord): boolean {
  return status === "denied" || status === "inconclusive";
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
