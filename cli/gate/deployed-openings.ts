import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { OpeningPlace } from "../../automation/operations/orders/order-place";
import { UsageError } from "../lib/errors";

/** Where the openings of the gate of a deployed environment are; undefined if it has no orders. */
export function openingPlaceOf(outputs: EnvironmentOutputs): OpeningPlace | undefined {
  const { region, environment, ordersTable, ordersKeyArn, gateOpenHours = 0 } = outputs;
  if (ordersTable === undefined || ordersKeyArn === undefined) return undefined;
  const dynamodb = new DynamoDBClient({ region });
  return {
    dynamodb,
    // One provider of credentials: a person may have to log in for each.
    kms: new KMSClient({ region, credentials: dynamodb.config.credentials }),
    table: ordersTable,
    keyArn: ordersKeyArn,
    environment,
    openHours: gateOpenHours,
  };
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
