import type { Opening } from "../orders/opening";
import { formatRows, type Message, subjectLine } from "../reporting/message";
import { runbookOfGateAlarm } from "../reporting/runbook";
import { serviceLabel } from "./attachment/service-reference";
import type { HookCall } from "./call";
import type { Gate } from "./gate";

export interface Unjudged {
  /** What the gate answered, as text. */
  readonly done: string;
  /** The opening that let the deployment through. */
  readonly opening?: Opening | undefined;
}

/**
 * Tells people, once for each deployment and stage, of a deployment that was answered for although the gate could not find out
 * what it deploys. Never rejects.
 */
export async function tellUnjudged(gate: Gate, call: HookCall, unjudged: Unjudged): Promise<void> {
  const { ledger, delivery, metrics, log } = gate;
  try {
    await ledger.once(call.deploymentArn, `gate-unjudged#${call.stage}`, async () => {
      await delivery.announce(formatUnjudged(gate, call, unjudged));
      return "sent";
    });
  } catch (error) {
    metrics.deliveryFailed();
    const cause = error instanceof Error ? error : new Error(String(error));
    log.failure("The message about a deployment that was not judged could not be sent", cause);
  }
}

function formatUnjudged({ settings, runbookUrl }: Gate, call: HookCall, { done, opening }: Unjudged): Message {
  const { environment } = settings;
  const service = serviceLabel({ cluster: call.clusterArn, service: call.serviceArn });
  const order =
    opening && `${opening.id} until ${opening.until} by ${opening.owner ?? "nobody named"}: ${opening.reason}`;
  return {
    subject: subjectLine(`DEPLOYMENT NOT JUDGED: ${service} in ${environment}`),
    text: formatRows("DEPLOYMENT NOT JUDGED: the gate could not find out in time what it deploys", [
      ["Service", `${service}, environment ${environment}`],
      ["Deployment", call.deploymentArn],
      ["Revision", call.revisionArn],
      ["Stage", call.stage],
      ["Done", done],
      ...(order === undefined ? [] : ([["Order", order]] as const)),
      ["Next", "The log of the gate's function says what failed. The launch detector judges the tasks that start."],
      ["Runbook", runbookOfGateAlarm("failed", runbookUrl)],
    ]),
  };
}
