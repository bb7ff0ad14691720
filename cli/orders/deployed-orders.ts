import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { OrderPlace, OrdersTablePlace } from "../../automation/operations/orders/order-place";
import { UsageError } from "../lib/errors";

/** The table and the key of a deployed environment's orders; undefined if its deployment is older than orders. */
export function ordersTablePlace(outputs: EnvironmentOutputs): OrdersTablePlace | undefined {
  const { region, environment, ordersTable: table, ordersKeyArn: keyArn } = outputs;
  if (table === undefined || keyArn === undefined) return undefined;
  const dynamodb = new DynamoDBClient({ region });
  // One provider of credentials: a person may have to log in for each.
  const kms = new KMSClient({ region, credentials: dynamodb.config.credentials });
  return { dynamodb, kms, table, keyArn, environment };
}

/**
 * Where the orders of a deployed environment are.
 *
 * @throws {@link UsageError} if its deployment is older than orders.
 */
export function orderPlace(outputs: EnvironmentOutputs): OrderPlace {
  const { environment, exemptionHours } = outputs;
  const place = ordersTablePlace(outputs);
  if (place !== undefined && exemptionHours !== undefined) return { ...place, exemptionHours };
  throw new UsageError(
    `The environment ${environment} has no orders yet: its outputs have no ordersTable, ordersKeyArn and exemptionHours. Deploy it with this version, or give its newest outputs.`,
  );
}

/** What is said where the orders of a table cannot be read. */
export function ordersQuestion({ table }: Pick<OrdersTablePlace, "table">) {
  return {
    asking: "Reading the orders of the table",
    of: table,
    action: "dynamodb:Scan on it, and kms:Decrypt on the key of the orders",
  };
}
