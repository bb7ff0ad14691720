/** What gives access to the channels beside the topic. */
export interface ChannelSecrets {
  readonly slackWebhookUrl?: string;
  readonly pagerDutyRoutingKey?: string;
}

/** Those of the environment; an empty variable is none. They are no options, which others on this machine can read. */
export function channelSecrets({ SLACK_WEBHOOK_URL, PAGERDUTY_ROUTING_KEY }: NodeJS.ProcessEnv): ChannelSecrets {
  return {
    ...(SLACK_WEBHOOK_URL ? { slackWebhookUrl: SLACK_WEBHOOK_URL } : {}),
    ...(PAGERDUTY_ROUTING_KEY ? { pagerDutyRoutingKey: PAGERDUTY_ROUTING_KEY } : {}),
  };
}

/** The channels for people. */
export function listChannels({ slackWebhookUrl, pagerDutyRoutingKey }: ChannelSecrets): readonly string[] {
  return [
    ...(slackWebhookUrl === undefined ? [] : ["Slack"]),
    ...(pagerDutyRoutingKey === undefined ? [] : ["PagerDuty"]),
  ];
}
