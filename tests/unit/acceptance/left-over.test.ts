import assert from "node:assert/strict";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ClientException, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetFunctionConfigurationCommand, LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { GetSigningProfileCommand, SignerClient } from "@aws-sdk/client-signer";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { awsClients } from "../../../acceptance/aws";
import { leftOver } from "../../../acceptance/left-over";

const [LOG, TASK, PROFILE, QUEUE, RULE, FUNCTION, ALARM] = [
  { type: "aws:cloudwatch/logGroup:LogGroup", name: "log", id: "verifier-log" },
  { type: "aws:ecs/taskDefinition:TaskDefinition", name: "task", id: "sample-signed" },
  { type: "aws:signer/signingProfile:SigningProfile", name: "profile", id: "release" },
  { type: "aws:sqs/queue:Queue", name: "queue", id: "https://sqs.eu-west-1.amazonaws.com/111122223333/failures" },
  { type: "aws:cloudwatch/eventRule:EventRule", name: "rule", id: "security/launches" },
  { type: "aws:lambda/function:Function", name: "function", id: "verifier" },
  { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "alarm", id: "errors" },
] as const;

describe("acceptance: what is left in AWS", () => {
  const $metadata = {};
  const clients = awsClients("eu-west-1");
  const ecs = mockClient(ECSClient);
  const events = mockClient(EventBridgeClient);
  const lambda = mockClient(LambdaClient);
  const logs = mockClient(CloudWatchLogsClient);
  const signer = mockClient(SignerClient);
  const sqs = mockClient(SQSClient);
  const mocks = [ecs, events, lambda, logs, signer, sqs];
  beforeEach(() => {
    for (const mock of mocks) mock.reset();
  });
  after(() => {
    for (const mock of mocks) mock.restore();
  });

  it("finds what is there, by the name that the state has", async () => {
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName: "verifier-log" }] });
    sqs.on(GetQueueUrlCommand, { QueueName: "failures" }).resolves({ QueueUrl: QUEUE.id });
    events.on(DescribeRuleCommand, { Name: "launches", EventBusName: "security" }).resolves({ Name: "launches" });

    const { left, looked } = await leftOver(clients, [LOG, QUEUE, RULE, ALARM]);

    assert.deepEqual(left, [LOG, QUEUE, RULE]);
    // There is no question for every type.
    assert.equal(looked, 3);
  });

  it("takes for gone what the service does not know, and what can only be seen", async () => {
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName: "verifier-log-of-another" }] });
    lambda.on(GetFunctionConfigurationCommand).rejects(new ResourceNotFoundException({ message: "", $metadata }));
    ecs
      .on(DescribeTaskDefinitionCommand)
      .rejects(new ClientException({ message: "Unable to describe task definition.", $metadata }));
    signer.on(GetSigningProfileCommand).resolves({ status: "Canceled" });

    const { left, unknown } = await leftOver(clients, [LOG, FUNCTION, TASK, PROFILE]);

    assert.deepEqual([left, unknown], [[], []]);
  });

  it("says what could not be looked for", async () => {
    const refused = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    lambda.on(GetFunctionConfigurationCommand).rejects(refused);

    const { left, unknown } = await leftOver(clients, [FUNCTION]);

    assert.deepEqual([left, unknown], [[], [`${FUNCTION.type}: AccessDeniedException: not authorized`]]);
  });
});
