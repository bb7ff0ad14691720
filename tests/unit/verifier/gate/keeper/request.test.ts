import assert from "node:assert/strict";
import { parseKeeperRequest } from "../../../../../verifier/src/gate/keeper/request";

const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";
const completed = {
  source: "aws.ecs",
  "detail-type": "ECS Deployment State Change",
  resources: [SERVICE],
  detail: { eventType: "INFO", eventName: "SERVICE_DEPLOYMENT_COMPLETED", deploymentId: "ecs-svc/1" },
};

const IN_SHOP = { cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop", service: SERVICE };
const CHANGED_BY = {
  caller: "arn:aws:sts::111122223333:assumed-role/dev/mallory",
  at: "2026-11-27T08:00:00Z",
  program: "aws-cli/2",
};

/** An event of CloudTrail about a call of UpdateService. */
function changed(requestParameters: object, changes: object = {}) {
  const { caller: arn, at: eventTime, program: userAgent } = CHANGED_BY;
  return {
    source: "aws.ecs",
    "detail-type": "AWS API Call via CloudTrail",
    account: "111122223333",
    region: "eu-west-1",
    detail: {
      eventSource: "ecs.amazonaws.com",
      eventName: "UpdateService",
      eventTime,
      userAgent,
      userIdentity: { arn },
      requestParameters,
      ...changes,
    },
  };
}

describe("what the keeper is asked", () => {
  const table: readonly (readonly [string, unknown, unknown])[] = [
    ["the schedule", { check: "keeper" }, { kind: "all" }],
    [
      "the deletion",
      { check: "removal", tf: { action: "delete", prev_input: {} } },
      { kind: "removal", isDeletion: true },
    ],
    ["the creation", { check: "removal", tf: { action: "create" } }, { kind: "removal", isDeletion: false }],
    ["an update", { check: "removal", tf: { action: "update" } }, { kind: "removal", isDeletion: false }],
    ["a person", { check: "removal" }, { kind: "removal", isDeletion: false }],
    [
      "a deployment that is over",
      completed,
      { kind: "service", service: { cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop", service: SERVICE } },
    ],
    ["a deployment in progress", { ...completed, detail: { eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS" } }, undefined],
    ["a service without its cluster", { ...completed, resources: [SERVICE.replace("shop/", "")] }, undefined],
    [
      "a change of a service, by its name",
      changed({ service: "web", cluster: "shop", deploymentConfiguration: { lifecycleHooks: [] } }),
      { kind: "service", service: IN_SHOP, changedBy: CHANGED_BY },
    ],
    [
      "a change of a service, by its ARN",
      changed({
        service: SERVICE,
        cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop",
        deploymentConfiguration: {
          lifecycleHooks: [{ hookTargetArn: "arn:aws:lambda:other" }, { targetType: "PAUSE" }],
        },
      }),
      { kind: "service", service: IN_SHOP, changedBy: CHANGED_BY },
    ],
    [
      "a change of a service that leaves its hooks as they are: it took nothing away",
      changed({ ...IN_SHOP, desiredCount: 2, deploymentConfiguration: { maximumPercent: 200 } }),
      { kind: "service", service: IN_SHOP },
    ],
    ["a change that was refused", { ...changed({ service: SERVICE }, { errorCode: "AccessDenied" }) }, undefined],
    ["another call", { ...changed({ service: SERVICE }, { eventName: "CreateService" }) }, undefined],
    ["another source", { ...completed, source: "somebody" }, undefined],
    ["the schedule of the gate", { check: "gate" }, undefined],
    ["nothing", undefined, undefined],
  ];
  for (const [what, event, expected] of table) {
    it(`${what}: ${JSON.stringify(expected)}`, () => assert.deepEqual(parseKeeperRequest(event), expected));
  }
});
