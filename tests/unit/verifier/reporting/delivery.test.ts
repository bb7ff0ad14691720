import assert from "node:assert/strict";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { createDelivery } from "../../../../verifier/src/reporting/delivery";
import { recordWith } from "../../../support/launch";
import { TASK } from "../../../support/launch-events";

const resources = { EVENT_BUS: "security", NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts" };

function scene(more: { readonly RUNBOOK_URL?: string } = {}) {
  const events = new EventBridgeClient({ region: "eu-west-1" });
  const sns = new SNSClient({ region: "eu-west-1" });
  const delivery = createDelivery({ events, sns, resources: { ...resources, ...more } });
  return { bus: mockClient(events), topic: mockClient(sns), delivery };
}

describe("the delivery of a record", () => {
  it("puts it on the bus as the detail of an event that rules can match", async () => {
    const { bus, delivery } = scene();
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });

    await delivery.putEvent(recordWith());

    assert.deepEqual(bus.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries, [
      {
        EventBusName: "security",
        Source: "ecs-image-verification",
        DetailType: "Image Verdict",
        Resources: [TASK],
        Detail: JSON.stringify(recordWith()),
      },
    ]);
  });

  it("fails when EventBridge takes the call and refuses the event", async () => {
    const { bus, delivery } = scene();
    bus.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }],
    });

    await assert.rejects(delivery.putEvent(recordWith()), /refused the event: ThrottlingException Rate exceeded/);
  });

  it("sends the message to the topic, with what subscriptions filter by", async () => {
    const { topic, delivery } = scene();
    topic.on(PublishCommand).resolves({});

    await delivery.notify(recordWith());

    const { TopicArn, Subject, Message, MessageAttributes } =
      topic.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    assert.deepEqual([TopicArn, Subject], [resources.NOTIFICATION_TOPIC, "DENIED no-signature: web in prod"]);
    assert.match(Message ?? "", /^DENIED: no-signature\n/);
    assert.deepEqual(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
      [
        ["status", "denied"],
        ["code", "no-signature"],
      ],
    );
  });

  it("links to the environment's own runbook, if it has one", async () => {
    const { topic, delivery } = scene({ RUNBOOK_URL: "https://wiki.example.com/runbook" });
    topic.on(PublishCommand).resolves({});

    await delivery.notify(recordWith());

    const { Message } = topic.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    assert.match(Message ?? "", /^Runbook {3}https:\/\/wiki\.example\.com\/runbook#no-signature$/m);
  });
});
