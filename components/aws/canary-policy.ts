import { allow, inClusters, type PolicyDocument, type PolicyStatement, policy, writeLog } from "./iam";

/** The facts that decide the permissions of the canary's function. */
export interface CanaryPermissions {
  readonly clusterArn: string;
  /** ARN of the task definition that it starts, with its revision. */
  readonly taskDefinitionArn: string;
  readonly executionRoleArn: string;
  readonly ledgerArn: string;
  readonly logGroupArn: string;
}

/**
 * Lets the canary's function start one task definition in its own cluster, stop what is there, and read the ledger. The conditions
 * are those of the service authorization reference (Amazon ECS).
 */
export function canaryPolicy(permissions: CanaryPermissions): PolicyDocument {
  const { clusterArn, taskDefinitionArn, executionRoleArn, ledgerArn, logGroupArn } = permissions;
  const [arn, partition, service, region, account] = clusterArn.split(":");
  const tasks = `${arn}:${partition}:${service}:${region}:${account}:task/*`;
  const inCluster = (statement: PolicyStatement) => inClusters(statement, [clusterArn]);
  return policy([
    inCluster(allow("StartTask", ["ecs:RunTask"], [taskDefinitionArn])),
    inCluster(allow("StopTasks", ["ecs:StopTask"], [tasks])),
    // Its resources are container instances, of which there are none; every call names a cluster.
    inCluster(allow("ListTasks", ["ecs:ListTasks"], ["*"])),
    {
      ...allow("PassExecutionRole", ["iam:PassRole"], [executionRoleArn]),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    allow("ReadLedger", ["dynamodb:Query"], [ledgerArn]),
    writeLog(logGroupArn),
  ]);
}
