import { describeAwsError } from "../aws-error";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { Opening } from "../orders/opening";
import { identifyImages, mayRunOn, runsAlready } from "./already-running";
import type { HookCall } from "./call";
import type { Gate } from "./gate";
import type { ServiceDeploymentFacts } from "./service-deployment";

/** What lets a denied deployment through, if anything does. */
export type Reprieve =
  | { readonly kind: "already-running" | "none" }
  | { readonly kind: "opened"; readonly opening: Opening }
  /** Whether the service runs the same already could not be found out. */
  | { readonly kind: "unknown" };

export interface DeniedDeployment {
  readonly call: HookCall;
  readonly containers: readonly ContainerVerdict[];
  /** Undefined if it could not be read. */
  readonly deployment: ServiceDeploymentFacts | undefined;
}

/** The ledger's key of images that a deployment was let through with at an earlier stage. */
const KEY = "gate-already-running";

/** Looks for what lets a denied deployment through: asked only on the way to a refusal. */
export async function findReprieve(gate: Gate, denied: DeniedDeployment): Promise<Reprieve> {
  const isBlocked = denied.containers.some(({ verdict }) => verdict.code === "digest-blocked");
  const [running, opening] = await Promise.all([
    findRunning(gate, denied),
    // A block is an order of the moment itself: it must be ended, not passed by.
    isBlocked ? undefined : gate.findOpening(denied.call.serviceArn),
  ]);
  if (running === "yes") return { kind: "already-running" };
  if (opening !== undefined) return { kind: "opened", opening };
  return { kind: running === "no" ? "none" : "unknown" };
}

async function findRunning(gate: Gate, denied: DeniedDeployment): Promise<"yes" | "no" | "unknown"> {
  const { settings, environment, readRunning, gateLog, ledger } = gate;
  const { call, containers, deployment } = denied;
  // A deployment that could not be read may be ECS's own way back, which the gate lets through whatever it judges.
  if (!mayRunOn(containers, call.clusterArn, settings, environment)) return deployment === undefined ? "unknown" : "no";
  const images = identifyImages(containers);
  try {
    // When the new tasks have started, the old ones may be gone.
    const before = await ledger.outcomesOf(call.deploymentArn, KEY);
    if (before.some(({ outcome }) => outcome === images)) return "yes";
    if (deployment === undefined) return "unknown";
    const running = await readRunning(deployment.running, call);
    if (!runsAlready(containers, running)) return "no";
    await ledger.once(call.deploymentArn, `${KEY}#${call.stage}`, async () => images);
    return "yes";
  } catch (error) {
    gateLog.warn("What the service runs now could not be read", { reason: describeAwsError(error) });
    return "unknown";
  }
}
