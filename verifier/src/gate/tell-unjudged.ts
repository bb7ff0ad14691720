import type { Opening } from "../orders/opening";
import { formatRows, type Message, subjectLine } from "../reporting/message";
import { type HookCall, parseServiceArn } from "./call";
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
  const { ledger, delivery, metrics, log, settings } = gate;
  try {
    await ledger.once(call.deploymentArn, `gate-unjudged#${call.stage}`, async () => {
      await delivery.announce(formatUnjudged(settings.environment, call, unjudged));
      return "sent";
    });
  } catch (error) {
    metrics.deliveryFailed();
    const cause = error instanceof Error ? error : new Error(String(error));
    log.failure("The message about a deployment that was not judged could not be sent", cause);
  }
}

function formatUnjudged(environment: string, call: HookCall, { done, opening }: Unjudged): Message {
  const { clusterArn, name } = parseServiceArn(call.serviceArn);
  const service = `${clusterArn.slice(clusterArn.lastIndexOf("/") + 1)}/${name}`;
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
    ]),
  };
}
