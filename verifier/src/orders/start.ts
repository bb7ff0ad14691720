import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";
import { createOrders, type Orders, type OrdersOptions } from "./orders";
import { checkProofs } from "./proofs";
import { readOrders } from "./read-orders";

/**
 * How the table and KMS are asked: a launch waits for them, and is judged without them where they do not answer, so
 * they get little time.
 */
export const ORDER_CALLS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 800, requestTimeout: 800, throwOnRequestTimeout: true },
} as const;

export interface OrderSource extends Pick<OrdersOptions, "exemptionHours" | "onRefused" | "onUnavailable"> {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  /** Name of the table with the orders. */
  readonly table: string;
  /** ARN of the key that proves them. */
  readonly keyArn: string;
  /** Name of the environment that they must be for. */
  readonly environment: string;
}

/** The orders of the moment of an environment on AWS. */
export function startOrders({ dynamodb, kms, table, keyArn, environment, ...options }: OrderSource): Orders {
  return createOrders({
    ...options,
    read: readOrders({ client: dynamodb, table }),
    isProven: checkProofs({ kms, keyArn, environment }),
  });
}
