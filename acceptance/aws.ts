import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SignerClient } from "@aws-sdk/client-signer";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Fault, FixableError } from "../trust/text/fixable-error";
import { describeAwsError } from "../verifier/src/aws-error";
import type { AwsClients, Place } from "./context";

/** Clients with the credentials that the AWS SDK finds. */
export function awsClients(region: string): AwsClients {
  const common = { region, maxAttempts: 5 };
  return {
    dynamodb: new DynamoDBClient(common),
    ecr: new ECRClient(common),
    ecs: new ECSClient(common),
    events: new EventBridgeClient(common),
    kms: new KMSClient(common),
    lambda: new LambdaClient(common),
    logs: new CloudWatchLogsClient(common),
    signer: new SignerClient(common),
    sns: new SNSClient(common),
    // The URL of a queue names AWS even where AWS_ENDPOINT_URL does not.
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
  };
}

/** The cluster cannot be used. The message says why, and what to do. */
export class ClusterUnusableError extends FixableError {
  override readonly name = "ClusterUnusableError";

  get fault(): Fault {
    return "failure";
  }
}

/**
 * Looks up the cluster and the account of the credentials. Needs `ecs:DescribeClusters`.
 *
 * @throws {@link ClusterUnusableError}
 */
export async function findPlace({ ecs }: Pick<AwsClients, "ecs">, region: string, cluster: string): Promise<Place> {
  const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] })).catch((error) => {
    throw new ClusterUnusableError(
      `The cluster ${cluster} cannot be looked up in ${region}: ${describeAwsError(error)}. It needs AWS credentials with ecs:DescribeClusters: aws sts get-caller-identity says whose they are.`,
    );
  });
  const [{ clusterArn = "", status = "" } = {}] = clusters;
  if (status === "ACTIVE") return { region, cluster: clusterArn, account: clusterArn.split(":")[4] ?? "" };
  throw new ClusterUnusableError(
    `There is no cluster ${cluster} in ${region}${status === "" ? "" : ` (it is ${status})`}. Create one: aws ecs create-cluster --region ${region} --cluster-name NAME`,
  );
}
