import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import {
  allow,
  type PolicyDocument,
  type PolicyStatement,
  policy,
  readingPolicy,
  readOrders,
} from "../../components/aws/iam";
import { findPartition } from "../../trust/partition";
import { gateOf } from "../gate/deployed-gate";
import { placeFor } from "../gate/judging";
import type { ReportOptions } from "./report-options";

/** The rights that a report with these options needs: what it calls, on what it reads. Makes no call of AWS itself. */
export async function reportPolicy(options: ReportOptions, outputs: EnvironmentOutputs): Promise<PolicyDocument> {
  return policy([
    ...readLedgerAndLogs(outputs),
    ...(gateOf(outputs) === undefined ? [] : [readServices()]),
    ...listOrders(outputs),
    ...(options.trust === undefined ? [] : await judging(options, outputs)),
  ]);
}

function readLedgerAndLogs(outputs: EnvironmentOutputs): readonly PolicyStatement[] {
  const { ledgerTable, logGroup, gateLogGroup, sweepLogGroup } = outputs;
  const groups = [logGroup, gateLogGroup, sweepLogGroup].filter((group) => group !== undefined);
  return [
    allow("ReadSweep", ["dynamodb:Query"], [arnIn(outputs, "dynamodb", `table/${ledgerTable}`)]),
    allow(
      "ReadVerdicts",
      ["logs:FilterLogEvents"],
      groups.map((group) => arnIn(outputs, "logs", `log-group:${group}:*`)),
    ),
  ];
}

/** On `*`: the lists have no resources, or those that are listed (service authorization reference, Amazon ECS). */
function readServices(): PolicyStatement {
  return allow("ReadServices", ["ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices"], ["*"]);
}

/** The whole table is read, and the key asked whether each order was given for this environment. */
function listOrders(outputs: EnvironmentOutputs): readonly PolicyStatement[] {
  const { environment, ordersTable, ordersKeyArn } = outputs;
  if (ordersTable === undefined || ordersKeyArn === undefined) return [];
  const ordersTableArn = arnIn(outputs, "dynamodb", `table/${ordersTable}`);
  return [
    allow("ListOrders", ["dynamodb:Scan"], [ordersTableArn]),
    ...readOrders({ environment, ordersTableArn, ordersKeyArn }),
  ];
}

async function judging(options: ReportOptions, outputs: EnvironmentOutputs): Promise<readonly PolicyStatement[]> {
  const { trust } = await placeFor(options, outputs);
  return readingPolicy({ trust }).Statement;
}

function arnIn({ region, account }: EnvironmentOutputs, service: string, resource: string): string {
  return `arn:${findPartition(region)}:${service}:${region}:${account}:${resource}`;
}
