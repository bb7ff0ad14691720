import assert from "node:assert/strict";
import { sweepAlarmRules } from "../../../../components/sweep/sweep-alarm-rules";
import { children } from "../run-program";
import { run } from "./support";

const rules = (everyHours: number) =>
  sweepAlarmRules({
    environment: "prod",
    everyHours,
    functionName: "sweep",
    workerFunctionName: "worker",
    deadLetterQueueName: "dead-letters",
  });

describe("the alarms of a sweep", () => {
  it("watch that sweeps finish, what they could not do, and what they found", async () => {
    const alarms = children(await run()).filter(([name]) => name.startsWith("sweep-alarms-"));

    const watched = alarms.map(([name, , inputs]) => {
      const { metricName, dimensions, period, evaluationPeriods, datapointsToAlarm, comparisonOperator, threshold } =
        inputs as Record<string, unknown>;
      const { FunctionName, QueueName, environment } = dimensions as Record<string, string>;
      const of = FunctionName ?? QueueName ?? environment;
      const reached = comparisonOperator === "GreaterThanOrEqualToThreshold";
      const short = name.slice("sweep-alarms-".length);
      return [short, metricName, of, reached, threshold, period, evaluationPeriods, datapointsToAlarm];
    });
    const messages = "ApproximateNumberOfMessagesVisible";
    assert.deepEqual(watched, [
      ["dead-letter-queue", messages, "sweep-dead-letters", true, 1, 60, 1, undefined],
      ["errors", "Errors", "ecs-image-verification-sweep-prod", true, 2, 3600, 1, undefined],
      ["exemptions-ending", "ExemptionsEnding", "prod", true, 1, 3600, 12, 1],
      ["missed", "SweepFinished", "prod", false, 1, 3600, 12, undefined],
      ["never-launched", "NeverLaunched", "prod", true, 1, 3600, 12, 1],
      ["newly-denied", "NewlyDenied", "prod", true, 1, 60, 1, undefined],
      ["newly-revoked", "NewlyRevokedOrExpired", "prod", true, 1, 60, 1, undefined],
      ["not-judged", "ContainersNotJudged", "prod", true, 1, 3600, 12, 1],
      ["not-read", "ClustersNotRead", "prod", true, 1, 3600, 12, 1],
      ["signatures-ending", "SignaturesEndingSoon", "prod", true, 1, 3600, 12, 1],
      ["worker-errors", "Errors", "sweep-worker-function", true, 5, 300, 1, undefined],
    ]);
    for (const [, , inputs] of alarms) {
      const { alarmActions, okActions } = inputs as Record<string, unknown>;
      assert.deepEqual([alarmActions, okActions], [["arn:topic"], ["arn:topic"]]);
    }
  });

  it("tell of missed sweeps only after there was time for two", async () => {
    const [, , inputs] = children(await run({ everyHours: 2 })).find(([name]) => name === "sweep-alarms-missed") ?? [];

    const { treatMissingData, warmUpConfiguration } = inputs as Record<string, unknown>;
    assert.equal(treatMissingData, "breaching");
    assert.deepEqual(warmUpConfiguration, {
      warmUpPeriodDurationInMinutes: 240,
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  for (const everyHours of [1, 6, 24]) {
    it(`stay within what CloudWatch looks back and waits, with a sweep every ${everyHours} h`, () => {
      for (const { alarm, period, missedPeriods, heldPeriods = 1, warmUpMinutes = 1 } of rules(everyHours)) {
        const seconds = period * (missedPeriods ?? heldPeriods);
        assert.ok(seconds <= (period < 3600 ? 86_400 : 604_800), alarm);
        assert.ok(warmUpMinutes >= 1 && warmUpMinutes <= 2880, alarm);
      }
    });
  }

  it("say which of them can wait for the morning", () => {
    const waiting = rules(6).flatMap(({ alarm, description }) =>
      /^For the morning: /.test(description) ? [alarm] : [],
    );

    assert.deepEqual(waiting, ["not-judged", "not-read", "never-launched", "signatures-ending", "exemptions-ending"]);
  });

  it("say what has happened and what to do, within CloudWatch's 1024 characters", () => {
    for (const { alarm, description } of rules(24)) {
      assert.match(description, /\. .*\.$/, `${alarm}: two sentences at least`);
      assert.ok(description.length <= 900, alarm);
    }
  });
});
