import type { LastOutputs } from "./last-outputs";
import { type ConfigurationProblem, formatKey, HIDDEN } from "./problem";
import type { Configuration } from "./read";

type Chats = Pick<Configuration, "notifications" | "slackWebhookUrl" | "pagerDutyRoutingKey">;
type Accounts = Pick<Configuration, "stack" | "account" | "allowedAccounts">;

/**
 * Warnings for possible mistakes: a deployed stack whose provider accepts credentials for any account, another name of the
 * environment, and a secret of Slack or PagerDuty without the notifications that would use it.
 */
export function configurationWarnings(
  configuration: Chats & Accounts & Pick<Configuration, "environment">,
  last: Pick<LastOutputs, "account" | "environment">,
): readonly ConfigurationProblem[] {
  return [
    ...accountWarnings(configuration, last),
    ...nameWarnings(configuration, last),
    ...chatWarnings(configuration),
  ];
}

/** The proof of an order is for one name of an environment. */
function nameWarnings(
  { environment }: Pick<Configuration, "environment">,
  { environment: last }: Pick<LastOutputs, "environment">,
): readonly ConfigurationProblem[] {
  if (last === undefined || last === environment) return [];
  return [
    {
      key: formatKey(["environment"]),
      value: environment,
      message: `is not the name of the last deployment, which is ${last}: orders that were given for ${last}, blocks among them, no longer count`,
      fix: `List the blocks with \`block list\` before this update, and give them again after it; or set environment to ${last}.`,
    },
  ];
}

/**
 * A refresh comes before the program and its checks: with credentials for another account it finds none of the stack's
 * resources and removes them all from the state. Only the provider can refuse before that (terraform-provider-aws,
 * `allowed_account_ids`).
 */
function accountWarnings(
  { stack, account, allowedAccounts }: Accounts,
  { account: last }: Pick<LastOutputs, "account">,
): readonly ConfigurationProblem[] {
  if (last === undefined || allowedAccounts === undefined || allowedAccounts.length > 0) return [];
  return [
    {
      key: "aws:allowedAccountIds",
      value: HIDDEN,
      message: `is missing: with credentials for an account other than ${account}, a refresh would remove every resource from the state, and destroy would forget them`,
      fix: `Run: ${allowAccountCommand(account, stack)}`,
    },
  ];
}

/** Without `--type string` Pulumi would write the digits as a number. */
function allowAccountCommand(account: string, stack: string): string {
  return `pulumi config set --stack ${stack} --type string --path 'aws:allowedAccountIds[0]' ${account}`;
}

function chatWarnings({ notifications, slackWebhookUrl, pagerDutyRoutingKey }: Chats): readonly ConfigurationProblem[] {
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
