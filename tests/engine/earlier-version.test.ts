import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { program } from "./support/program";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";
import { noteTable } from "./support/tables";

/** `pulumi stack export` of `dev` as the version before the sources moved to their present folders had made it. */
const STATE = join(__dirname, "fixtures/earlier-state.json");

describe("engine: a stack that an earlier version has made", function () {
  this.timeout(120_000);
  const scene = useScene(program);

  it("is updated in place: orders of the moment and the dashboard are new, else only the alarms' descriptions and what is built from the sources change", async () => {
    await scene().project.configure("dev", ({ "ecs-image-verification:sweep": _, ...others }) => others);
    await scene().pulumi("stack", "init", "dev");
    const imported = await scene().pulumi("stack", "import", "--stack", "dev", "--file", STATE);
    assert.equal(imported.code, 0, imported.stderr);

    // The stand-in has not made it.
    const table = JSON.parse(await readFile(STATE, "utf8")).deployment.resources.find(
      ({ type }: { type: string }) => type === "aws:dynamodb/table:Table",
    );
    noteTable(table.id, table.inputs);

    const run = await scene().run("up", "dev");

    assert.deepEqual([run.code, run.errors], [0, []]);
    const alarms = run.steps.filter(({ op, type }) => op === "update" && type.endsWith(":MetricAlarm"));
    assert.deepEqual(
      [...new Set(alarms.flatMap(({ diffs }) => diffs))],
      ["alarmDescription"],
      "alarms link the runbook",
    );
    // What copies and signs the sample is run from the checkout, which is elsewhere by now; an update of it does nothing.
    assert.deepEqual(
      stepsOf(run.steps).filter((step) => !step.startsWith("update Command ")),
      [
        "create Alias image-verification-orders-alias",
        "create Dashboard image-verification-dashboard-dashboard",
        "create EventRule image-verification-watch-rule",
        "create EventTarget image-verification-watch-target",
        "create Key image-verification-orders-key",
        "create KeyPolicy image-verification-orders-key-policy",
        "create MetricAlarm image-verification-alarms-order-refused",
        "create MetricAlarm image-verification-alarms-orders-unavailable",
        "create Permission image-verification-watch-permission",
        ...[
          "denied-by-service",
          "errors",
          "exposure",
          "inconclusive-by-code",
          "one-image",
          "orders",
          "slowest-verdicts",
        ].map((query) => `create QueryDefinition image-verification-dashboard-query-${query}`),
        "create Table image-verification-orders-table",
        ...["create-replacement", "delete-replaced", "replace"].flatMap((step) =>
          [
            "Invocation image-verification-check-invocation",
            "Policy image-verification-verifier-acting",
            "RolePolicyAttachment image-verification-verifier-acting-attachment",
          ].map((resource) => `${step} ${resource}`),
        ),
        "update Function image-verification-verifier-function",
        "update Image image-verification-image-image",
        ...[
          "action-failed",
          "daemon-denied",
          "dead-letter-queue",
          "delivery-failed",
          "errors",
          "failure-queue",
          "final-inconclusive",
          "ledger-unavailable",
          "stop-budget",
          "throttles",
        ].map((alarm) => `update MetricAlarm image-verification-alarms-${alarm}`),
      ],
    );
  });
});
