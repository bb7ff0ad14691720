import assert from "node:assert/strict";
import { LaunchDetector } from "../../../../components/detector/launch-detector";
import { launchPattern } from "../../../../components/detector/launch-pattern";
import { children, type RunOptions, runProgram } from "../run-program";

const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/web";
const FUNCTION = { functionArn: "arn:function", functionName: "verifier" };
const RULE = "arn:aws:events:eu-west-1:111122223333:rule/detector-rule";
const QUEUE = "arn:aws:sqs:eu-west-1:111122223333:detector-dead-letters";
const QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/detector-dead-letters";

function run(clusters?: string[], options?: RunOptions) {
  return runProgram(() => void new LaunchDetector("detector", { ...FUNCTION, clusters }), options);
}

function expected(detail: object) {
  return [
    [
      "detector-dead-letters",
      "aws:sqs/queue:Queue",
      { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
    ],
    [
      "detector-dead-letters-policy",
      "aws:sqs/queuePolicy:QueuePolicy",
      {
        queueUrl: QUEUE_URL,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "KeepUndelivered",
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: ["sqs:SendMessage"],
              Resource: [QUEUE],
              Condition: { ArnEquals: { "aws:SourceArn": [RULE] } },
            },
          ],
        },
      },
    ],
    [
      "detector-permission",
      "aws:lambda/permission:Permission",
      {
        action: "lambda:InvokeFunction",
        function: "verifier",
        principal: "events.amazonaws.com",
        sourceArn: RULE,
      },
    ],
    [
      "detector-rule",
      "aws:cloudwatch/eventRule:EventRule",
      {
        description: "Starts and ends of ECS tasks, for the verification of their images",
        eventPattern: { source: ["aws.ecs"], "detail-type": ["ECS Task State Change"], detail },
      },
    ],
    [
      "detector-target",
      "aws:cloudwatch/eventTarget:EventTarget",
      {
        rule: "detector-rule",
        arn: "arn:function",
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: QUEUE },
      },
    ],
  ];
}

const LAUNCHING = {
  $or: [
    { desiredStatus: ["RUNNING"], lastStatus: ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"] },
    { lastStatus: ["STOPPED"] },
  ],
};

describe("LaunchDetector", () => {
  it("hands every launch to the function, and keeps what cannot be handed over", async () => {
    assert.deepEqual(children(await run()), expected(LAUNCHING));
  });

  it("watches the listed clusters only", async () => {
    assert.deepEqual(children(await run([CLUSTER])), expected({ clusterArn: [CLUSTER], ...LAUNCHING }));
  });

  it("makes the same in a preview", async () => {
    const names = async (preview: boolean) => children(await run([CLUSTER], { preview })).map(([name]) => name);

    assert.deepEqual(await names(true), await names(false));
  });

  it("fits about twenty clusters into a pattern", () => {
    const clusters = (count: number) => Array.from({ length: count }, (_, index) => `${CLUSTER}-${index}`);

    assert.ok(launchPattern(clusters(20)).length <= 2048);
    assert.ok(launchPattern(clusters(60)).length > 2048);
  });
});
