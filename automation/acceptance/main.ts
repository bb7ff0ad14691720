import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CommanderError } from "commander";
import { confirm } from "../cli/confirm";
import { terminalPulumi } from "../cli/environments/terminal-pulumi";
import { EXIT, UsageError } from "../cli/exit-code";
import { interruptible } from "../cli/interruptible";
import { EnvironmentError } from "../errors";
import { stackName } from "../settings";
import { checkPulumi, findPulumi } from "../workspace";
import { awsClients, ClusterUnusableError, findPlace } from "./aws";
import { CheckoutUnusableError, cleanCommit } from "./checkout";
import type { ChannelSecrets, Context } from "./context";
import { leftText, madeThings } from "./made";
import { type AcceptanceOptions, acceptanceCommand, checkOptions, freshStack, regionOf } from "./options";
import { planText } from "./plan";
import { stackExists } from "./pulumi-state";
import { reportText, resultOf } from "./report";
import { runSteps } from "./runner";
import { STEPS } from "./steps";
import { stackFileOf } from "./steps/deploy";
import { versionsOf } from "./versions";

const CHECKOUT = resolve(__dirname, "../..");

/** Tries this checkout on a real AWS account. */
async function accept(options: AcceptanceOptions): Promise<void> {
  checkOptions(options);
  const region = regionOf(options, process.env);
  const stack = options.stack ?? freshStack();
  const settings = { stack, folder: CHECKOUT };
  const report = resolve(options.report ?? `${stackName(settings)}.md`);
  const commit = await cleanCommit(CHECKOUT);
  const pulumi = terminalPulumi(await findPulumi(stack));
  checkPulumi(stack, pulumi);
  const clients = awsClients(region);
  const place = await findPlace(clients, region, options.cluster);
  const exists = `There is a stack ${stack} already. An acceptance makes one of its own: leave --stack out, or give a name that is free.`;
  if (existsSync(stackFileOf({ settings })) || (await stackExists(settings, pulumi))) throw new UsageError(exists);
  const secrets = channelSecrets(process.env);
  const plan = planText({ stack, place, report, channels: channelsOf(secrets) }, STEPS);
  note(plan);
  if (options.dryRun) return note("\nThis was a dry run: nothing was made.");
  if (!options.yes) await confirm({ question: "\nThis costs money.", expected: "yes", option: "--yes" });

  const made = madeThings();
  process.on("exit", () => {
    const left = leftText(made.left());
    if (left !== undefined) note(`\n${left}`);
  });
  const begun = new Date();
  await interruptible(async (signal) => {
    signal.addEventListener("abort", () =>
      note("\nInterrupted: what was made is taken down. A second Ctrl-C leaves it."),
    );
    const context: Context = { place, settings, pulumi, options, secrets, clients, made, signal, note, found: {} };
    const results = await runSteps(STEPS, context, { signal, tell: note, now: Date.now });
    const { account, cluster } = place;
    const versions = versionsOf(pulumi, commit);
    const ended = { stack, account, region, cluster, begun, versions, results, left: made.left() };
    await writeFile(report, reportText(ended));
    process.exitCode = signal.aborted ? EXIT.interrupted : { passed: 0, failed: 1, interrupted: 130 }[resultOf(ended)];
    process.stdout.write(`${resultOf(ended)}: ${report}\n`);
  });
}

/** An empty variable is none. */
function channelSecrets({ SLACK_WEBHOOK_URL, PAGERDUTY_ROUTING_KEY }: NodeJS.ProcessEnv): ChannelSecrets {
  return {
    ...(SLACK_WEBHOOK_URL ? { slackWebhookUrl: SLACK_WEBHOOK_URL } : {}),
    ...(PAGERDUTY_ROUTING_KEY ? { pagerDutyRoutingKey: PAGERDUTY_ROUTING_KEY } : {}),
  };
}

function channelsOf({ slackWebhookUrl, pagerDutyRoutingKey }: ChannelSecrets): readonly string[] {
  return [...(slackWebhookUrl ? ["Slack"] : []), ...(pagerDutyRoutingKey ? ["PagerDuty"] : [])];
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Tells a person what went wrong before anything was made, and gives the exit code for it. */
function exitCodeOf(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const isUsage = error instanceof UsageError || error instanceof CheckoutUnusableError;
  const isKnown = isUsage || error instanceof EnvironmentError || error instanceof ClusterUnusableError;
  if (isKnown) note(error.message);
  else note(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return isUsage ? EXIT.usage : EXIT.inconclusive;
}

async function main(): Promise<void> {
  // That future versions of the SDK need a newer Node.js is no news here.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // A signal must run what is registered for the end of the process, such as the removal of temporary files.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  try {
    await acceptanceCommand(accept).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

void main();
