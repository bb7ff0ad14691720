import assert from "node:assert/strict";
import { logsQueryLink } from "../../../../components/commands";
import { Dashboard, type DashboardArgs } from "../../../../components/dashboard/dashboard";
import { dashboardBody } from "../../../../components/dashboard/dashboard-body";
import { SAVED_QUERIES } from "../../../../components/dashboard/saved-queries";
import { children, named, type RunOptions, runProgram } from "../run-program";

const ARGS: DashboardArgs = {
  environment: "prod",
  functions: [{ title: "launch verifier", functionName: "verifier" }],
  queues: [{ title: "failure queue", queueName: "failures" }],
  logGroupName: "/verifier-log",
  alarmArns: ["arn:alarm"],
};

const run = (changes: Partial<DashboardArgs> = {}, options?: RunOptions) =>
  runProgram(() => ({ url: new Dashboard("view", { ...ARGS, ...changes }).url }), options);

describe("Dashboard", () => {
  it("makes a dashboard named after region and environment, and a query for each that its logs can answer", async () => {
    const result = await run();

    const queries = SAVED_QUERIES.filter(({ logs }) => logs.includes("verifier"));
    assert.deepEqual(
      children(result),
      [
        [
          "view-dashboard",
          "aws:cloudwatch/dashboard:Dashboard",
          {
            dashboardName: "ecs-image-verification-eu-west-1-prod",
            dashboardBody: JSON.parse(
              JSON.stringify(
                dashboardBody({
                  environment: "prod",
                  region: "eu-west-1",
                  functions: [{ title: "launch verifier", functionName: "verifier" }],
                  queues: [{ title: "failure queue", queueName: "failures" }],
                  logGroup: "/verifier-log",
                  logsQuery: logsQueryLink("eu-west-1", "/verifier-log"),
                  alarmArns: ["arn:alarm"],
                  hasGate: false,
                  hasCanary: false,
                  hasSweep: false,
                  runbook: "docs/runbook.md",
                }),
              ),
            ),
          },
        ] as const,
        ...queries.map(
          ({ id, title, query }) =>
            [
              `view-query-${id}`,
              "aws:cloudwatch/queryDefinition:QueryDefinition",
              {
                name: `ecs-image-verification/prod/${title}`,
                logGroupNames: ["/verifier-log"],
                queryString: query,
              },
            ] as const,
        ),
      ].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
    assert.ok(queries.length < SAVED_QUERIES.length);
  });

  it("asks both logs, and shows the gate, where there is one", async () => {
    const result = await run({ gateLogGroupName: "/gate-log" });

    assert.equal(result.resources.filter(({ type }) => type.endsWith(":QueryDefinition")).length, SAVED_QUERIES.length);
    assert.deepEqual(named(result, "view-query-errors").inputs.logGroupNames, ["/verifier-log", "/gate-log"]);
    assert.deepEqual(named(result, "view-query-gate-refusals").inputs.logGroupNames, ["/gate-log"]);
    assert.match(String(named(result, "view-dashboard").inputs.dashboardBody), /Answers of the deployment gate/);
  });

  it("gives the address of the dashboard, in the console of its partition", async () => {
    const eu = await run();
    const gov = await run({}, { config: { "aws:region": "us-gov-west-1" } });

    assert.equal(
      eu.outputs.url,
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/ecs-image-verification-eu-west-1-prod",
    );
    assert.match(String(gov.outputs.url), /^https:\/\/console\.amazonaws-us-gov\.com\//);
  });

  it("has a name that CloudWatch takes, whatever the name of the environment", async () => {
    const result = await run({ environment: `team.${"x".repeat(59)}` });

    assert.match(String(named(result, "view-dashboard").inputs.dashboardName), /^[A-Za-z0-9_-]{1,255}$/);
  });
});
