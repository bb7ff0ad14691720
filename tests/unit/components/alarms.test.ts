import assert from "node:assert/strict";
import { alarmRules } from "../../../components/alarm-rules";
import { Alarms, type AlarmsArgs } from "../../../components/alarms";
import { children, runProgram } from "./run-program";

const ARGS: AlarmsArgs = {
  environment: "prod",
  topicArn: "arn:topic",
  functionName: "verifier",
  queues: {
    failure: { queueName: "failures", meaning: "Launches could not be judged." },
    "dead-letter": { queueName: "dead-letters", meaning: "Launches were never judged." },
  },
};

describe("Alarms", () => {
  it("watches the queues, the function, and what the verifier counts itself", async () => {
    const result = await runProgram(() => void new Alarms("alarms", ARGS));

    const watched = children(result).map(([name, , inputs]) => {
      const { namespace, metricName, dimensions, statistic, threshold, period } = inputs as Record<string, unknown>;
      return [name, namespace, metricName, dimensions, statistic, threshold, period];
    });
    const own = { service: "ecs-image-verification", environment: "prod" };
    const ofFunction = { FunctionName: "verifier" };
    const messages = "ApproximateNumberOfMessagesVisible";
    assert.deepEqual(watched, [
      ["alarms-action-failed", "EcsImageVerification", "ActionFailed", own, "Sum", 1, 60],
      ["alarms-daemon-denied", "EcsImageVerification", "ManagedDaemonDenied", own, "Sum", 1, 60],
      ["alarms-dead-letter-queue", "AWS/SQS", messages, { QueueName: "dead-letters" }, "Maximum", 1, 60],
      ["alarms-delivery-failed", "EcsImageVerification", "DeliveryFailed", own, "Sum", 1, 60],
      ["alarms-errors", "AWS/Lambda", "Errors", ofFunction, "Sum", 5, 300],
      ["alarms-failure-queue", "AWS/SQS", messages, { QueueName: "failures" }, "Maximum", 1, 60],
      ["alarms-final-inconclusive", "EcsImageVerification", "FinalInconclusive", own, "Sum", 1, 60],
      ["alarms-ledger-unavailable", "EcsImageVerification", "LedgerUnavailable", own, "Sum", 1, 60],
      ["alarms-order-refused", "EcsImageVerification", "OrderRefused", own, "Sum", 1, 60],
      ["alarms-orders-unavailable", "EcsImageVerification", "OrdersUnavailable", own, "Sum", 1, 60],
      ["alarms-stop-budget", "EcsImageVerification", "StopBudgetUsedUp", own, "Sum", 1, 60],
      ["alarms-throttles", "AWS/Lambda", "Throttles", ofFunction, "Sum", 1, 60],
    ]);
  });

  it("watches findings that are not sent, for longer than the time between two attempts, only where there are findings", async () => {
    const names = async (findings: boolean) =>
      children(await runProgram(() => void new Alarms("alarms", { ...ARGS, findings }))).flatMap(([name, , inputs]) => {
        const { metricName, period } = inputs as Record<string, unknown>;
        return name === "alarms-findings-unsent" ? [[metricName, period]] : [];
      });

    assert.deepEqual([await names(true), await names(false)], [[["FindingsUnsent", 3600]], []]);
  });

  it("tells the topic of every alarm, and of its end", async () => {
    const result = await runProgram(() => void new Alarms("alarms", ARGS), { preview: true });

    for (const [, , inputs] of children(result)) {
      const { alarmActions, okActions, alarmDescription, treatMissingData } = inputs as Record<string, unknown>;
      assert.deepEqual([alarmActions, okActions], [["arn:topic"], ["arn:topic"]]);
      assert.equal(treatMissingData, "notBreaching");
      assert.match(String(alarmDescription), /[.?] Runbook: docs\/runbook\.md#alarm-[a-z-]+$/);
    }
  });

  it("says in each text what has happened and what to do, within CloudWatch's 1024 characters", () => {
    for (const { alarm, description } of alarmRules({ ...ARGS, queues: {}, findings: true })) {
      assert.match(description, /\. .*\.$/, `${alarm}: two sentences at least`);
      assert.ok(description.length <= 1024, alarm);
    }
  });
});
