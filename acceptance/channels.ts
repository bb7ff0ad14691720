/** The secrets for the channels other than the topic. */
export interface ChannelSecrets {
  readonly slackWebhookUrl?: string;
  readonly pagerDutyRoutingKey?: string;
}

/**
 * Read from environment variables; an empty one is ignored. They are not options because other users of this machine can read
 * the arguments of a process.
 */
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
