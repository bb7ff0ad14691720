import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { openingContext } from "./opening";
import { type FindOpening, findOpenings, type OpeningsOptions } from "./openings";
import { createOrders, type Orders, type OrdersOptions } from "./orders";
import { checkClaims, checkProofs } from "./proofs";
import { readOrders } from "./read-orders";

/**
 * How the table and KMS are asked. A launch waits for them, so they get little time; without their answer it is judged
 * without orders.
 */
export const ORDER_CALLS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 800, requestTimeout: 800, throwOnRequestTimeout: true },
} as const;

/** The time for the table and for each proof where a launch waits for them, in milliseconds. */
export const LAUNCH_LIMIT_MS = 2000;

/** The same for a person, who may have to log in to AWS first, in milliseconds. */
export const OPERATOR_LIMIT_MS = 60_000;

/** Where the orders of an environment are, and how they are asked for. */
interface Source {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  /** Name of the table with the orders. */
  readonly table: string;
  /** ARN of the key that proves them. */
  readonly keyArn: string;
  /** Name of the environment that the orders must be for. */
  readonly environment: string;
  /** How long the table, and KMS for each proof, may take, in milliseconds. */
  readonly limitMs: number;
}

export interface OrderSource
  extends Source,
    Pick<OrdersOptions, "exemptionHours" | "now" | "onRefused" | "onUnavailable"> {}

export interface OpeningSource
  extends Source,
    Pick<OpeningsOptions, "openHours" | "now" | "onRefused" | "onUnavailable"> {}

/** The openings of the deployment gate of an environment on AWS. */
export function startOpenings({
  dynamodb,
  kms,
  table,
  keyArn,
  environment,
  limitMs,
  ...options
}: OpeningSource): FindOpening {
  const isProven = checkClaims({ kms, keyArn, limitMs });
  return findOpenings({
    ...options,
    read: readOrders({ client: dynamodb, table, limitMs, onCut: options.onRefused }),
    isProven: ({ opening, proof }) =>
      isProven({ id: opening.id, context: openingContext(opening, environment), proof }),
  });
}

/** The orders of the moment, as a function that judges what ECS runs reads them: by its variables and settings. */
export function startOrdersOf({
  resources,
  settings,
  ...options
}: {
  readonly resources: { readonly ORDERS_TABLE: string; readonly ORDERS_KEY_ARN: string };
  readonly settings: { readonly environment: string; readonly exemptionHours: number };
} & Pick<OrdersOptions, "now" | "onRefused" | "onUnavailable">): Orders {
  return startOrders({
    dynamodb: new DynamoDBClient(ORDER_CALLS),
    kms: new KMSClient(ORDER_CALLS),
    table: resources.ORDERS_TABLE,
    keyArn: resources.ORDERS_KEY_ARN,
    environment: settings.environment,
    exemptionHours: settings.exemptionHours,
    limitMs: LAUNCH_LIMIT_MS,
    ...options,
  });
}

/** The orders of the moment of an environment on AWS. */
export function startOrders({ dynamodb, kms, table, keyArn, environment, limitMs, ...options }: OrderSource): Orders {
  return createOrders({
    ...options,
    read: readOrders({ client: dynamodb, table, limitMs, onCut: options.onRefused }),
    isProven: checkProofs({ kms, keyArn, environment, limitMs }),
  });
}
