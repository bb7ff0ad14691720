import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SignerClient } from "@aws-sdk/client-signer";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Environment } from "../automation/environments/environment";
import type { EnvironmentOutputs } from "../automation/environments/outputs";
import type { ProjectSettings } from "../automation/environments/settings";
import type { ReadRecord } from "../automation/operations/verdict-record";
import type { ChannelSecrets } from "./channels";
import type { MadeThings } from "./made";
import type { AcceptanceOptions } from "./options";
import type { StackResource } from "./pulumi-state";
import type { Mailbox } from "./steps/mailbox";

/** Clients of the AWS services that the acceptance test uses. */
export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly events: EventBridgeClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly signer: SignerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

/** Where an acceptance test runs. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** ARN of the cluster. */
  readonly cluster: string;
}

/** The context of all steps. */
export interface Context {
  readonly place: Place;
  /** The stack, in the folder of the checkout. */
  readonly settings: ProjectSettings;
  readonly pulumi: PulumiCommand;
  readonly options: Pick<AcceptanceOptions, "subnet" | "securityGroup" | "publicIp" | "launchType">;
  readonly secrets: ChannelSecrets;
  readonly clients: AwsClients;
  readonly made: MadeThings;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  readonly found: Found;
}

/** Results that a step leaves for later steps. */
export interface Found {
  environment?: Environment;
  outputs?: EnvironmentOutputs;
  resources?: readonly StackResource[];
  mailbox?: Mailbox;
  signed?: ReadRecord;
  unsigned?: ReadRecord;
}

/**
 * The result of an earlier step. The calling step must list that step in its `needs`.
 *
 * @throws Error if it is missing.
 */
export function foundBefore<Name extends keyof Found>({ found }: Context, name: Name): NonNullable<Found[Name]> {
  const value = found[name];
  if (value === undefined || value === null) throw new Error(`No earlier step has found: ${name}.`);
  return value;
}
