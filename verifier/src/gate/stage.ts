import { GATE_STAGES } from "./hook";

/**
 * Stages at which a hook can be invoked and where there is nothing to judge: the gate has judged before, or traffic is moved
 * back (ECS developer guide, "Lifecycle stages for Amazon ECS service deployments"). Those of the traffic shifts come again
 * for each step, and in a roll-back.
 */
const OTHER_STAGES: ReadonlySet<string> = new Set([
  "RECONCILE_SERVICE",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
]);

/** `judged` by the gate; `passed` without being judged; `unknown` to this version, and passed with a warning. */
export type StageKind = "judged" | "passed" | "unknown";

export function kindOfStage(stage: string): StageKind {
  if (GATE_STAGES.some((known) => known === stage)) return "judged";
  return OTHER_STAGES.has(stage) ? "passed" : "unknown";
}
