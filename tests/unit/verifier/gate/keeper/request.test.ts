import assert from "node:assert/strict";
import { parseKeeperRequest } from "../../../../../verifier/src/gate/keeper/request";

const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";
const completed = {
  source: "aws.ecs",
  "detail-type": "ECS Deployment State Change",
  resources: [SERVICE],
  detail: { eventType: "INFO", eventName: "SERVICE_DEPLOYMENT_COMPLETED", deploymentId: "ecs-svc/1" },
};

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
    ["another source", { ...completed, source: "somebody" }, undefined],
    ["the schedule of the gate", { check: "gate" }, undefined],
    ["nothing", undefined, undefined],
  ];
  for (const [what, event, expected] of table) {
    it(`${what}: ${JSON.stringify(expected)}`, () => assert.deepEqual(parseKeeperRequest(event), expected));
  }
});
