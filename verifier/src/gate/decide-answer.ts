import type { Settings } from "../baked-settings";
import type { Status } from "../verification/verdict";
import type { GateMode } from "./hook";

/** What follows from the verdicts on a deployment, before anything is looked up that could let a denial through. */
export type GateDecision =
  /** Nothing is denied, or what is inconclusive is only reported. */
  | "let-through"
  | "wait"
  /** A denial, or what counts as one: refused where the gate enforces, and recorded where it audits. */
  | "refuse"
  | "audit";

export interface DecisionFacts {
  readonly mode: GateMode;
  /** The statuses of all containers. Empty: they could not be read, which is inconclusive. */
  readonly statuses: readonly Status[];
  /** How long the deployment waits at this stage already, in seconds. */
  readonly waitedSeconds: number;
}

/**
 * Decides what follows from the verdicts. A denial does not wait for other containers. An inconclusive verdict waits until
 * `giveUpAfterSeconds`; then `onInconclusive` says whether it counts as a denial.
 */
export function decideAnswer(
  { mode, statuses, waitedSeconds }: DecisionFacts,
  { giveUpAfterSeconds, onInconclusive }: Pick<Settings, "giveUpAfterSeconds" | "onInconclusive">,
): GateDecision {
  const denied = mode === "enforce" ? "refuse" : "audit";
  if (statuses.includes("denied")) return denied;
  if (statuses.length > 0 && !statuses.includes("inconclusive")) return "let-through";
  if (waitedSeconds < giveUpAfterSeconds) return "wait";
  return onInconclusive === "deny" ? denied : "let-through";
}
