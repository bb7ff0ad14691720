import assert from "node:assert/strict";
import { canaryPolicy } from "../../../../components/aws/canary-policy";

const CLUSTER = "arn:aws-us-gov:ecs:us-gov-west-1:111122223333:cluster/canary";
const TASK_DEFINITION = "arn:aws-us-gov:ecs:us-gov-west-1:111122223333:task-definition/unsigned:3";

describe("the permissions of the canary", () => {
  it("start one task definition, in its own cluster, with its execution role, and stop only there", () => {
    const { Statement } = canaryPolicy({
      clusterArn: CLUSTER,
      taskDefinitionArn: TASK_DEFINITION,
      executionRoleArn: "arn:execution-role",
      ledgerArn: "arn:ledger",
      logGroupArn: "arn:log",
    });

    const Condition = { ArnEquals: { "ecs:cluster": [CLUSTER] } };
    assert.deepEqual(Statement, [
      { Sid: "StartTask", Effect: "Allow", Action: ["ecs:RunTask"], Resource: [TASK_DEFINITION], Condition },
      {
        Sid: "StopTasks",
        Effect: "Allow",
        Action: ["ecs:StopTask"],
        Resource: ["arn:aws-us-gov:ecs:us-gov-west-1:111122223333:task/*"],
        Condition,
      },
      { Sid: "ListTasks", Effect: "Allow", Action: ["ecs:ListTasks"], Resource: ["*"], Condition },
      {
        Sid: "PassExecutionRole",
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: ["arn:execution-role"],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
      { Sid: "ReadLedger", Effect: "Allow", Action: ["dynamodb:Query"], Resource: ["arn:ledger"] },
      {
        Sid: "WriteLog",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:log:log-stream:*"],
      },
    ]);
  });
});
