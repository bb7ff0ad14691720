import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { OpeningPlace } from "../../automation/operations/orders/order-place";
import { UsageError } from "../lib/errors";
import { ordersTablePlace } from "../orders/deployed-orders";

/** Where the openings of the gate of a deployed environment are; undefined if it has no orders. */
export function openingPlaceOf(outputs: EnvironmentOutputs): OpeningPlace | undefined {
  const place = ordersTablePlace(outputs);
  return place && { ...place, openHours: outputs.gateOpenHours ?? 0 };
}

/**
 * The same for a command that cannot do without them.
 *
 * @throws {@link UsageError} if the environment's deployment is older than orders.
 */
export function openingPlace(outputs: EnvironmentOutputs): OpeningPlace {
  const place = openingPlaceOf(outputs);
  if (place !== undefined) return place;
  throw new UsageError(
    `The environment ${outputs.environment} has no orders yet: its outputs have no ordersTable and ordersKeyArn. Deploy it with this version, or give its newest outputs.`,
  );
}
