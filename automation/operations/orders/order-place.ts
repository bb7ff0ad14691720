import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";

/** Where an environment keeps what was ordered, of all kinds. */
export interface OrdersTablePlace {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  /** Name of the table. */
  readonly table: string;
  /** ARN of the key that proves orders. */
  readonly keyArn: string;
  /** Name of the environment. */
  readonly environment: string;
}

/** Where the orders of an environment are. */
export interface OrderPlace extends OrdersTablePlace {
  /** The maximum time of an exemption, in hours. 0: there are none. */
  readonly exemptionHours: number;
}

/** Where the openings of the deployment gate of an environment are. */
export interface OpeningPlace extends OrdersTablePlace {
  /** The maximum time of an opening, in hours. 0: there are none. */
  readonly openHours: number;
}
