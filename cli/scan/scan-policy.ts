import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import {
  allow,
  type PolicyDocument,
  type PolicyStatement,
  policy,
  readingPolicy,
  readOrders,
} from "../../components/aws/iam";
import { readRunning } from "../../components/aws/running-policies";
import { findPartition } from "../../trust/partition";
import { hasTrust, type ScanOptions } from "./scan-options";
import { scannedRegions, trustOfScan } from "./scan-place";

/** The rights that a scan with these options needs: what it calls, on what it reads. Makes no call of AWS itself. */
export async function scanPolicy(
  options: ScanOptions,
  outputs: EnvironmentOutputs | undefined,
): Promise<PolicyDocument> {
  const running = readRunning({ everyCluster: options.allClusters === true });
  if (!hasTrust(options)) return policy([running, ...readAnySignature()]);
  const regions = await scannedRegions(options, outputs);
  const account = outputs?.account ?? options.account?.[0];
  const { trust } = await trustOfScan(options, { outputs, account, regions }, { asksAws: false });
  return policy([running, ...readingPolicy({ trust }).Statement, ...(outputs === undefined ? [] : orders(outputs))]);
}

/** Without a trust document any repository may run. */
function readAnySignature(): readonly PolicyStatement[] {
  return [
    allow("GetRegistryCredentials", ["ecr:GetAuthorizationToken"], ["*"]),
    allow("ReadSignatures", ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], ["*"]),
    allow("AskRevocation", ["signer:GetRevocationStatus"], ["*"]),
    allow("TellAddedContainers", ["ecs:DescribeTaskDefinition"], ["*"]),
  ];
}

function orders({ environment, account, region, ordersTable, ordersKeyArn }: EnvironmentOutputs) {
  if (ordersTable === undefined || ordersKeyArn === undefined) return [];
  const ordersTableArn = `arn:${findPartition(region)}:dynamodb:${region}:${account}:table/${ordersTable}`;
  return readOrders({ environment, ordersTableArn, ordersKeyArn });
}
