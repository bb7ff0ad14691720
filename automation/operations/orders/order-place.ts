import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";

/** Where the orders of an environment are. */
export interface OrderPlace {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  /** Name of the table. */
  readonly table: string;
  /** ARN of the key that proves orders. */
  readonly keyArn: string;
  /** Name of the environment. */
  readonly environment: string;
  /** The maximum time of an exemption, in hours. 0: there are none. */
  readonly exemptionHours: number;
}
