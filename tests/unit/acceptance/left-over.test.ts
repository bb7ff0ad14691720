import assert from "node:assert/strict";
import { ClientException } from "@aws-sdk/client-ecs";
import { ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { awsClients } from "../../../acceptance/aws";
import { leftOver } from "../../../acceptance/left-over";

const [LOG, TASK, PROFILE, QUEUE, RULE, FUNCTION, ALARM, KEY] = [
  { type: "aws:cloudwatch/logGroup:LogGroup", name: "log", id: "verifier-log" },
  { type: "aws:ecs/taskDefinition:TaskDefinition", name: "task", id: "sample-signed" },
  { type: "aws:signer/signingProfile:SigningProfile", name: "profile", id: "release" },
  { type: "aws:sqs/queue:Queue", name: "queue", id: "https://sqs.eu-west-1.amazonaws.com/111122223333/failures" },
  { type: "aws:cloudwatch/eventRule:EventRule", name: "rule", id: "security/launches" },
  { type: "aws:lambda/function:Function", name: "function", id: "verifier" },
  { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "alarm", id: "errors" },
  { type: "aws:kms/key:Key", name: "key", id: "0d990263-018e-4e65-a703-eff731de951e" },
] as const;

/** What AWS answers, by the name of the command; an error is thrown. */
type Answers = Readonly<Record<string, object>>;

interface Command {
  readonly input: object;
}

describe("acceptance: what is left in AWS", () => {
  let asked: object[];
  beforeEach(() => {
    asked = [];
  });

  /** Clients of which every one answers so. */
  function clientsThat(answers: Answers) {
    const clients = awsClients("eu-west-1");
    const send = async (command: Command) => {
      asked.push(command.input);
      const answer = answers[command.constructor.name.replace(/Command$/, "")];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer");
      return answer;
    };
    for (const client of Object.values(clients)) Object.assign(client, { send });
    return clients;
  }

  it("finds what is there, by the name that the state has", async () => {
    const clients = clientsThat({
      DescribeLogGroups: { logGroups: [{ logGroupName: "verifier-log" }] },
      GetQueueUrl: { QueueUrl: QUEUE.id },
      DescribeRule: { Name: "launches" },
    });

    const { left, looked } = await leftOver(clients, [LOG, QUEUE, RULE, ALARM]);

    assert.deepEqual(left, [LOG, QUEUE, RULE]);
    assert.deepEqual(asked, [
      { logGroupNamePrefix: "verifier-log" },
      { QueueName: "failures" },
      { Name: "launches", EventBusName: "security" },
    ]);
    // There is no question for every type.
    assert.equal(looked, 3);
  });

  it("takes for gone what the service does not know, and what can only be seen", async () => {
    const clients = clientsThat({
      DescribeLogGroups: { logGroups: [{ logGroupName: "verifier-log-of-another" }] },
      GetFunctionConfiguration: new ResourceNotFoundException({ message: "", $metadata: {} }),
      DescribeTaskDefinition: new ClientException({ message: "Unable to describe task definition.", $metadata: {} }),
      GetSigningProfile: { status: "Canceled" },
      DescribeKey: { KeyMetadata: { KeyState: "PendingDeletion" } },
    });

    const { left, unknown } = await leftOver(clients, [LOG, FUNCTION, TASK, PROFILE, KEY]);

    assert.deepEqual([left, unknown], [[], []]);
  });

  it("says what could not be looked for", async () => {
    const refused = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });

    const { left, unknown } = await leftOver(clientsThat({ GetFunctionConfiguration: refused }), [FUNCTION]);

    assert.deepEqual([left, unknown], [[], [`${FUNCTION.type}: AccessDeniedException: not authorized`]]);
  });
});
