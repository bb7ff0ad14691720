import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Resources } from "../settings";
import { formatMessage, type Message } from "./message";
import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from "./public-names";
import { recordedArn, type VerdictRecord } from "./record-schema";

/** Delivers records to their receivers. Each method rejects on failure. */
export interface Delivery {
  /** Puts the record on the event bus. */
  putEvent(record: VerdictRecord): Promise<void>;
  /** Sends the message for people. */
  notify(record: VerdictRecord): Promise<void>;
  /** Sends a message that is not about a verdict, to all who get alarms. */
  announce(message: Message): Promise<void>;
}

export interface DeliveryOptions {
  readonly events: EventBridgeClient;
  readonly sns: SNSClient;
  readonly resources: Pick<Resources, "EVENT_BUS" | "NOTIFICATION_TOPIC" | "RUNBOOK_URL">;
}

export function createDelivery({ events, sns, resources }: DeliveryOptions): Delivery {
  return {
    async putEvent(record) {
      const { FailedEntryCount = 0, Entries = [] } = await events.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: resources.EVENT_BUS,
              Source: EVENT_SOURCE,
              DetailType: EVENT_DETAIL_TYPE,
              Resources: [recordedArn(record)],
              Detail: JSON.stringify(record),
            },
          ],
        }),
      );
      // The PutEvents call succeeds even when an entry is rejected.
      if (FailedEntryCount > 0) {
        const { ErrorCode = "unknown", ErrorMessage = "" } = Entries[0] ?? {};
        throw new Error(`EventBridge refused the event: ${ErrorCode} ${ErrorMessage}`.trim());
      }
    },
    async notify(record) {
      const { subject, text } = formatMessage(record, resources.RUNBOOK_URL);
      const attribute = (value: string) => ({ DataType: "String", StringValue: value });
      await sns.send(
        new PublishCommand({
          TopicArn: resources.NOTIFICATION_TOPIC,
          Subject: subject,
          Message: text,
          // Subscriptions can filter by these attributes.
          MessageAttributes: { status: attribute(record.status), code: attribute(record.code) },
        }),
      );
    },
    async announce({ subject, text }) {
      // Without the attribute `status`, as alarms: components/notifications/subscriptions.ts.
      await sns.send(new PublishCommand({ TopicArn: resources.NOTIFICATION_TOPIC, Subject: subject, Message: text }));
    },
  };
}
