import type { Service } from "@aws-sdk/client-ecs";
import { isAsWanted, isOurs } from "../../../verifier/src/gate/attachment/hooks";
import { hooksOf } from "../../../verifier/src/gate/attachment/plan";
import { modeFor } from "../../../verifier/src/gate/environment";
import type { GateMode } from "../../../verifier/src/gate/hook";
import type { Gate } from "./change-services";

/** Whether a service has the gate's hook. */
export interface Attachment {
  /** `attached-otherwise`: a hook invokes the gate, but not as `gate attach` would have it. */
  readonly state: "attached" | "attached-otherwise" | "not-attached" | "cannot-have-hooks";
  /** What the gate does for this service when it is asked. */
  readonly mode: GateMode;
  /** The stages at which ECS asks the gate. */
  readonly stages: readonly string[];
}

export function readAttachment(service: Service, { targetArn, roleArn, modes }: Gate): Attachment {
  const { clusterArn = "", serviceArn = "" } = service;
  const mode = modeFor(modes, { clusterArn, serviceArn });
  const ours = hooksOf(service).filter((hook) => isOurs(hook, targetArn));
  const stages = [...new Set(ours.flatMap(({ lifecycleStages = [] }) => lifecycleStages))];
  const isWanted = ours.length === 1 && ours.every((hook) => isAsWanted(hook, { targetArn, roleArn, mode }));
  if (ours.length > 0) return { state: isWanted ? "attached" : "attached-otherwise", mode, stages };
  const hasController = (service.deploymentController?.type ?? "ECS") === "ECS";
  return { state: hasController ? "not-attached" : "cannot-have-hooks", mode, stages };
}
