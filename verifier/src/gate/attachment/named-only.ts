import type { Service } from "@aws-sdk/client-ecs";

/** Why a service gets the gate only if somebody names it: nobody has measured what ECS does with its hooks. */
export type NamedOnlyReason =
  /** ECS manages the service (Express Mode). */
  | "express-mode"
  /** A task for each container instance. */
  | "daemon";

/**
 * The reason why a service is left alone by everything that is about all services; undefined for an ordinary one.
 * `resourceManagementType` is `ECS` for a service of Express Mode (API reference, Service).
 */
export function namedOnly({
  resourceManagementType,
  schedulingStrategy,
}: Pick<Service, "resourceManagementType" | "schedulingStrategy">): NamedOnlyReason | undefined {
  if (resourceManagementType === "ECS") return "express-mode";
  return schedulingStrategy === "DAEMON" ? "daemon" : undefined;
}
