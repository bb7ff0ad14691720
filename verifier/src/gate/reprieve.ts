import { describeAwsError } from "../aws-error";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Opening } from "../orders/opening";
import { mayRunOn, runsAlready } from "./already-running";
import type { Gate } from "./gate";
import type { ServiceDeploymentFacts } from "./service-deployment";

/** What lets a denied deployment through, if anything does. */
export type Reprieve =
  | { readonly kind: "already-running" | "none" }
  | { readonly kind: "opened"; readonly opening: Opening }
  /** Whether the service runs the same already could not be found out. */
  | { readonly kind: "unknown" };

export interface DeniedDeployment {
  readonly serviceArn: string;
  readonly clusterArn: string;
  readonly containers: readonly ContainerVerdict[];
  /** Undefined if it could not be read. */
  readonly deployment: ServiceDeploymentFacts | undefined;
}

/** Looks for what lets a denied deployment through: asked only on the way to a refusal. */
export async function findReprieve(gate: Gate, denied: DeniedDeployment): Promise<Reprieve> {
  const isBlocked = denied.containers.some(({ verdict }) => verdict.code === "digest-blocked");
  const [running, opening] = await Promise.all([
    findRunning(gate, denied),
    // A block is an order of the moment itself: it must be ended, not passed by.
    isBlocked ? undefined : gate.findOpening(denied.serviceArn),
  ]);
  if (running === "yes") return { kind: "already-running" };
  if (opening !== undefined) return { kind: "opened", opening };
  return { kind: running === "no" ? "none" : "unknown" };
}

async function findRunning(
  { settings, environment, readRevisions, gateLog }: Gate,
  { containers, clusterArn, deployment }: DeniedDeployment,
): Promise<"yes" | "no" | "unknown"> {
  if (!mayRunOn(containers, clusterArn, settings, environment)) return "no";
  if (deployment === undefined) return "unknown";
  try {
    return runsAlready(containers, await readRevisions(deployment.running)) ? "yes" : "no";
  } catch (error) {
    gateLog.warn("What the service runs now could not be read", { reason: describeAwsError(error) });
    return "unknown";
  }
}
