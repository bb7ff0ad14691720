import type { Service } from "@aws-sdk/client-ecs";
import { isAsWanted, isOurs } from "../attachment/hooks";
import { namedOnly } from "../attachment/named-only";
import { type DescribedService, hooksOf, type Plan, planAttachment } from "../attachment/plan";
import type { ServiceReference } from "../attachment/service-reference";
import { modeFor } from "../environment";
import type { GateHook } from "../hook";
import type { KeeperEnvironment } from "./environment";
import type { Keeper } from "./keeper";
import type { NotGatedReason } from "./not-gated-reason";

/** What the keeper has found or done at one service. */
export type Kept =
  | { readonly kind: "gated"; readonly now: boolean }
  | { readonly kind: "not-gated"; readonly reason: NotGatedReason }
  /** The hook was there at an earlier run and is not any more: people must be told. */
  | { readonly kind: "newly-removed" };

/**
 * Looks at one service and attaches the gate if it should and may be. A service that somebody took the hook away from is
 * left alone, as is one that has a hook of the gate, whatever that looks like.
 *
 * @param hindrance why nothing may be attached now to any service.
 * @throws the errors of ECS and of the memory.
 */
export async function keepService(
  keeper: Keeper,
  reference: ServiceReference,
  service: Service,
  hindrance: () => Promise<NotGatedReason | undefined>,
): Promise<Kept> {
  const { environment, memory, isOpen, changeHooks } = keeper;
  const hook = hookFor(environment, service);
  const ours = hooksOf(service).filter((one) => isOurs(one, hook.targetArn));
  if (ours.length > 0) {
    await memory.noteGated(service);
    const isWanted = ours.length === 1 && ours.every((one) => isAsWanted(one, hook));
    return isWanted ? { kind: "gated", now: false } : notGated("changed");
  }
  const { attached, removed } = await memory.historyOf(service);
  if (attached > removed) return { kind: "newly-removed" };
  if (attached > 0) return notGated("removed");
  const reason = reasonToLeave(environment, service) ?? planReason(planWithoutOurs(service, hook));
  if (reason !== undefined) return notGated(reason);
  const hindered = await hindrance();
  if (hindered !== undefined) return notGated(hindered);
  if (await isOpen(service.serviceArn ?? "")) return notGated("opened");
  const change = await changeHooks(reference, hook, planWithoutOurs);
  if (change.result === "skipped") return notGated(change.reason);
  await memory.noteGated(service);
  return { kind: "gated", now: change.result === "changed" };
}

/** Why the keeper does not attach to a service at all; undefined if it does. */
export function reasonToLeave(
  { attach, services }: Pick<KeeperEnvironment, "attach" | "services">,
  service: Pick<Service, "serviceArn" | "resourceManagementType" | "schedulingStrategy">,
): NotGatedReason | undefined {
  const isNamed = services.includes(service.serviceArn ?? "");
  if (attach === "none" || (attach === "listed" && !isNamed)) return "not-attached";
  return isNamed ? undefined : namedOnly(service);
}

/** Between the look at the service and the change somebody may have attached the gate: that hook is not rewritten. */
function planWithoutOurs(service: DescribedService, hook: GateHook): Plan {
  if (hooksOf(service).some((one) => isOurs(one, hook.targetArn))) return { action: "nothing" };
  return planAttachment(service, hook);
}

function planReason(plan: Plan): NotGatedReason | undefined {
  return plan.action === "skip" ? plan.reason : undefined;
}

function hookFor(environment: KeeperEnvironment, { serviceArn = "", clusterArn = "" }: Service): GateHook {
  const { targetArn, roleArn } = environment;
  return { targetArn, roleArn, mode: modeFor(environment, { serviceArn, clusterArn }) };
}

function notGated(reason: NotGatedReason): Kept {
  return { kind: "not-gated", reason };
}
