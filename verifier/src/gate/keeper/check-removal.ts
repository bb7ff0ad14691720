import { isOurs } from "../attachment/hooks";
import { hooksOf } from "../attachment/plan";
import { serviceLabel } from "../attachment/service-reference";
import type { Keeper } from "./keeper";
import { watchedServices } from "./watched-services";

/** Services that the message names. */
const MOST_NAMED = 20;

/** The gate cannot be deleted. Pulumi shows the message. */
export class GateAttachedError extends Error {
  override readonly name = "GateAttachedError";

  constructor(services: readonly string[]) {
    const more = services.length - MOST_NAMED;
    super(
      `${services.length === 1 ? "A service still has" : `${services.length} services still have`} the hook of the deployment gate: ` +
        `${services.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}. Without the gate's function each of their deployments would fail. ` +
        "Run first: ecs-image-verification gate detach --all",
    );
  }
}

/**
 * Makes sure that no service of the account and region has the gate's hook, before the gate is deleted. A service that is being deleted is
 * not deployed again.
 *
 * @throws {@link GateAttachedError} that names those that have it; the errors of ECS if one could not be looked at.
 */
export async function checkRemoval({ ecs, environment }: Pick<Keeper, "ecs" | "environment">): Promise<void> {
  const attached: string[] = [];
  // A person may have attached the gate in other clusters, too.
  const services = watchedServices(ecs, { ...environment, watchedClusters: undefined }, (_, error) => {
    throw error;
  });
  for await (const { reference, service } of services) {
    if (service?.status !== "ACTIVE") continue;
    if (hooksOf(service).some((hook) => isOurs(hook, environment.targetArn))) attached.push(serviceLabel(reference));
  }
  if (attached.length > 0) throw new GateAttachedError(attached);
}
