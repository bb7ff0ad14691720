import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "./alarms";
import type { LaunchDetector } from "./detector/launch-detector";
import type { Notifications } from "./notifications/notifications";

/** The queues that should be empty, with what a message in them means. */
export function watchedQueues(
  failureQueueName: pulumi.Output<string>,
  { deadLetterQueueName }: LaunchDetector,
  { undeliveredQueueName }: Notifications,
): AlarmsArgs["queues"] {
  return {
    failure: {
      queueName: failureQueueName,
      meaning:
        "Launches could not be judged, or verdicts not acted on: the verifier failed at each attempt, or a stop was over " +
        "budget twelve times. Denied tasks may be running. Find out why, and redrive.",
    },
    "dead-letter": {
      queueName: deadLetterQueueName,
      meaning: "Launches were never judged: EventBridge could not reach the verifier. Find out why, and redrive.",
    },
    ...(undeliveredQueueName === undefined
      ? {}
      : {
          undelivered: {
            queueName: undeliveredQueueName,
            meaning:
              "Verdicts could not be sent to Slack or PagerDuty. The attributes ERROR_CODE and ERROR_MESSAGE of the " +
              "messages in this queue say why.",
          },
        }),
  };
}
