import type { Service } from "@aws-sdk/client-ecs";
import { isOurs } from "../../../verifier/src/gate/attachment/hooks";
import { hasEcsController, hooksOf, planAttachment } from "../../../verifier/src/gate/attachment/plan";
import type { GateMode } from "../../../verifier/src/gate/hook";
import { type Gate, hookFor } from "./change-services";

/** Whether a service has the gate's hook. */
export interface Attachment {
  /** `attached-otherwise`: a hook invokes the gate, but not as `gate attach` would have it. */
  readonly state: "attached" | "attached-otherwise" | "not-attached" | "cannot-have-hooks";
  /** What the gate does for this service when it is asked. */
  readonly mode: GateMode;
  /** The stages at which ECS asks the gate. */
  readonly stages: readonly string[];
}

export function readAttachment(service: Service, gate: Gate): Attachment {
  const { clusterArn = "", serviceArn = "" } = service;
  const hook = hookFor(gate, { cluster: clusterArn, service: serviceArn });
  const ours = hooksOf(service).filter((one) => isOurs(one, hook.targetArn));
  const stages = [...new Set(ours.flatMap(({ lifecycleStages = [] }) => lifecycleStages))];
  const isWanted = planAttachment(service, hook).action === "nothing";
  const attached = isWanted ? "attached" : "attached-otherwise";
  const missing = hasEcsController(service) ? "not-attached" : "cannot-have-hooks";
  return { state: ours.length > 0 ? attached : missing, mode: hook.mode, stages };
}
