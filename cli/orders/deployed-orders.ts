import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { OrderPlace } from "../../automation/operations/orders/order-place";
import { UsageError } from "../lib/errors";

/**
 * Where the orders of a deployed environment are.
 *
 * @throws {@link UsageError} if its deployment is older than orders.
 */
export function orderPlace(outputs: EnvironmentOutputs): OrderPlace {
  const { region, environment, ordersTable, ordersKeyArn, exemptionHours } = outputs;
  if (ordersTable === undefined || ordersKeyArn === undefined || exemptionHours === undefined) {
    throw new UsageError(
      `The environment ${environment} has no orders yet: its outputs have no ordersTable, ordersKeyArn and exemptionHours. Deploy it with this version, or give its newest outputs.`,
    );
  }
  const dynamodb = new DynamoDBClient({ region });
  return {
    dynamodb,
    // One provider of credentials: a person may have to log in for each.
    kms: new KMSClient({ region, credentials: dynamodb.config.credentials }),
    table: ordersTable,
    keyArn: ordersKeyArn,
    environment,
    exemptionHours,
  };
}
