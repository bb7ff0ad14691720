import assert from "node:assert/strict";
import { startCanary } from "../../../../verifier/src/canary/start";
import { writtenLines } from "../../../support/written-lines";

const ENVIRONMENT = {
  ENVIRONMENT: "prod",
  LEDGER_TABLE: "ledger",
  CANARY_CLUSTER: "arn:aws:ecs:eu-west-1:111122223333:cluster/canary",
  CANARY_TASK_DEFINITION: "arn:aws:ecs:eu-west-1:111122223333:task-definition/unsigned:1",
  CANARY_SUBNETS: "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
};

describe("the start of the canary", () => {
  it("reads what it starts and where from the function's variables", () => {
    const { canary } = startCanary(ENVIRONMENT);

    assert.deepEqual(canary.environment, {
      environment: "prod",
      cluster: ENVIRONMENT.CANARY_CLUSTER,
      taskDefinition: ENVIRONMENT.CANARY_TASK_DEFINITION,
      subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      ledgerTable: "ledger",
    });
  });

  it("names every variable that is missing or wrong", () => {
    assert.throws(
      () => startCanary({ ...ENVIRONMENT, LEDGER_TABLE: undefined, CANARY_SUBNETS: "all" }),
      /LEDGER_TABLE: [\s\S]*CANARY_SUBNETS: must be ids of subnets/,
    );
  });

  it("writes its metrics with service and environment, as the alarms expect them", () => {
    const lines = writtenLines(() => {
      const { canary, publish } = startCanary(ENVIRONMENT);
      canary.metrics.denied();
      canary.metrics.missed();
      publish();
    });

    const [{ CanaryDenied, CanaryMissed, environment, service, _aws } = {}] = lines.filter((line) => "_aws" in line);
    assert.deepEqual([CanaryDenied, CanaryMissed, environment, service], [1, 1, "prod", "ecs-image-verification"]);
    assert.match(JSON.stringify(_aws), /"Dimensions":\[\["service","environment"\]\]/);
  });
});
