import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { withOrders } from "../verifier/src/orders/judge-with-orders";
import { OPERATOR_LIMIT_MS, ORDER_CALLS, startOrders } from "../verifier/src/orders/start";
import type { Judge } from "../verifier/src/verification/judge";
import type { OrdersConfig } from "./policies/image-verified";

/** The orders of an environment for one image of a preview. */
export interface PreviewOrders {
  /** Makes a judge obey them. */
  readonly around: (judge: Judge) => Judge;
  /** What could not be read or proven so far. */
  readonly warnings: readonly string[];
  close(): void;
}

/**
 * Reads the blocks of an environment. Break-glass exemptions do not count: they allow launches for some hours, and a
 * deployment is meant to last.
 */
export function previewOrders({ table, key, region, environment }: OrdersConfig): PreviewOrders {
  const warnings: string[] = [];
  const dynamodb = new DynamoDBClient({ ...ORDER_CALLS, region });
  // One provider of credentials: a person may have to log in for each.
  const kms = new KMSClient({ ...ORDER_CALLS, region, credentials: dynamodb.config.credentials });
  const orders = startOrders({
    dynamodb,
    kms,
    table,
    keyArn: key,
    environment,
    exemptionHours: 0,
    limitMs: OPERATOR_LIMIT_MS,
    now: Date.now,
    onRefused: (reason) => void warnings.push(`An order of the moment was refused: ${reason}`),
    onUnavailable: (reason) =>
      void warnings.push(`Whether the environment ${environment} blocks the image could not be found out: ${reason}`),
  });
  return {
    around: (judge) => withOrders(judge, orders, Date.now),
    warnings,
    close() {
      dynamodb.destroy();
      kms.destroy();
    },
  };
}
