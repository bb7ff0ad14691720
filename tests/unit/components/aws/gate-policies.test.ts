import assert from "node:assert/strict";
import {
  type GatePermissions,
  gatePolicy,
  invokerPolicy,
  type KeeperPermissions,
  keeperPolicy,
} from "../../../../components/aws/gate-policies";
import type { PolicyDocument } from "../../../../components/aws/iam";

const PLACE = { partition: "aws", region: "eu-west-1", account: "111122223333" };
const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/web/shop";
const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/web";
const GATE = "arn:aws:lambda:eu-west-1:111122223333:function:gate";

const KEEPER: KeeperPermissions = {
  place: PLACE,
  attach: "none",
  services: [],
  gateArn: GATE,
  invokerRoleArn: "arn:invoker",
  environment: "prod",
  ordersTableArn: "arn:orders",
  ordersKeyArn: "arn:key",
  ledgerArn: "arn:ledger",
  topicArn: "arn:topic",
  logGroupArn: "arn:log",
};

const FUNCTION: GatePermissions = {
  place: PLACE,
  environment: "prod",
  ledgerArn: "arn:ledger",
  ordersTableArn: "arn:orders",
  ordersKeyArn: "arn:key",
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
  logGroupArn: "arn:log",
  readsTags: false,
};

const statement = ({ Statement }: PolicyDocument, sid: string) => Statement.find(({ Sid }) => Sid === sid);
const actionsOf = ({ Statement }: PolicyDocument) => Statement.flatMap(({ Action }) => Action);

describe("the policies of the deployment gate", () => {
  it("let the gate's function look deployments up, record and notify", () => {
    const policy = gatePolicy(FUNCTION);

    assert.deepEqual(actionsOf(policy), [
      "ecs:DescribeServiceDeployments",
      "ecs:DescribeServiceRevisions",
      "ecs:ListServiceDeployments",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:Query",
      "dynamodb:Query",
      "kms:Decrypt",
      "events:PutEvents",
      "sns:Publish",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    assert.deepEqual(
      statement(policy, "ReadDeployments")?.Resource,
      ["service-deployment", "service-revision", "service"].map(
        (kind) => `arn:aws:ecs:eu-west-1:111122223333:${kind}/*`,
      ),
    );
    assert.deepEqual(statement(policy, "CheckOrders")?.Condition, {
      StringEquals: { "kms:EncryptionContext:environment": "prod" },
    });
  });

  it("let it read the tags of services where it tells who owns them", () => {
    assert.equal(statement(gatePolicy(FUNCTION), "ReadOwners"), undefined);
    assert.deepEqual(statement(gatePolicy({ ...FUNCTION, readsTags: true }), "ReadOwners"), {
      Sid: "ReadOwners",
      Effect: "Allow",
      Action: ["ecs:ListTagsForResource"],
      Resource: ["arn:aws:ecs:eu-west-1:111122223333:service/*"],
    });
  });

  it("let the keeper look, and change nothing, where it attaches nothing", () => {
    assert.deepEqual(actionsOf(keeperPolicy({ ...KEEPER, services: [SERVICE] })), [
      "ecs:ListClusters",
      "ecs:ListServices",
      "ecs:DescribeServices",
      "lambda:GetFunctionConfiguration",
      "cloudtrail:LookupEvents",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:Query",
      "dynamodb:Query",
      "kms:Decrypt",
      "sns:Publish",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });

  it("let it change exactly the listed services, and hand ECS one role", () => {
    const policy = keeperPolicy({ ...KEEPER, attach: "listed", services: [SERVICE], clusters: [CLUSTER] });

    assert.deepEqual(statement(policy, "AttachGate"), {
      Sid: "AttachGate",
      Effect: "Allow",
      Action: ["ecs:UpdateService"],
      Resource: [SERVICE],
    });
    assert.deepEqual(statement(policy, "PassInvoker"), {
      Sid: "PassInvoker",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: ["arn:invoker"],
      Condition: { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
    });
  });

  it("let it change every service, or those of the watched clusters", () => {
    const every = "arn:aws:ecs:eu-west-1:111122223333:service/*";
    const all = statement(keeperPolicy({ ...KEEPER, attach: "all" }), "AttachGate");
    const watched = statement(keeperPolicy({ ...KEEPER, attach: "all", clusters: [CLUSTER] }), "AttachGate");

    assert.deepEqual([all?.Resource, all?.Condition], [[every], undefined]);
    assert.deepEqual([watched?.Resource, watched?.Condition], [[every], { ArnEquals: { "ecs:cluster": [CLUSTER] } }]);
  });

  it("let ECS invoke the function under any version or alias, and nothing else", () => {
    assert.deepEqual(invokerPolicy(GATE).Statement, [
      { Sid: "InvokeGate", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [GATE, `${GATE}:*`] },
    ]);
  });
});
