import { type ConfigurationProblem, formatKey, HIDDEN } from "./problem";
import type { Configuration } from "./read";

type Chats = Pick<Configuration, "notifications" | "slackWebhookUrl" | "pagerDutyRoutingKey">;

/** Warnings for possible mistakes: a secret of Slack or PagerDuty without the notifications that would use it. */
export function configurationWarnings({
  notifications,
  slackWebhookUrl,
  pagerDutyRoutingKey,
}: Chats): readonly ConfigurationProblem[] {
  return [
    ...(slackWebhookUrl !== undefined && notifications.slack === undefined
      ? [unused("slackWebhookUrl", "Slack", "slack")]
      : []),
    ...(pagerDutyRoutingKey !== undefined && notifications.pagerDuty === undefined
      ? [unused("pagerDutyRoutingKey", "PagerDuty", "pagerDuty")]
      : []),
  ];
}

function unused(key: string, chat: string, by: string): ConfigurationProblem {
  return {
    key: formatKey([key]),
    value: HIDDEN,
    message: `is not used: without notifications.${by}, ${chat} gets no messages`,
    fix: `Run: pulumi config set --path 'notifications.${by}.statuses[0]' denied; or remove the secret: pulumi config rm ${key}`,
  };
}
