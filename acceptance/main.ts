import { existsSync } from "node:fs";
import { access, constants, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { stackName } from "../automation/environments/settings";
import { checkPulumi, findPulumi } from "../automation/environments/workspace";
import { terminalPulumi } from "../cli/environments/terminal-pulumi";
import { confirm } from "../cli/lib/confirm";
import { UsageError } from "../cli/lib/errors";
import { EXIT } from "../cli/lib/exit-code";
import { reportError } from "../cli/lib/report-error";
import { awsClients, findPlace } from "./aws";
import { channelSecrets, listChannels } from "./channels";
import { cleanCommit } from "./checkout";
import type { Context } from "./context";
import { endAtSignals, takenDownAtInterrupt } from "./interruption";
import { leftText, madeThings } from "./made";
import { type AcceptanceOptions, acceptanceCommand, checkOptions, chooseRegion, freshStack } from "./options";
import { planText } from "./plan";
import { stackExists } from "./pulumi-state";
import { reportText, toResult } from "./report";
import { runSteps } from "./runner";
import { STEPS } from "./steps";
import { toStackFile } from "./steps/deploy";
import { readVersions } from "./versions";

const CHECKOUT = resolve(__dirname, "..");

/** Tests this checkout on a real AWS account. */
async function accept(options: AcceptanceOptions): Promise<void> {
  checkOptions(options);
  const region = chooseRegion(options, process.env);
  const stack = options.stack ?? freshStack();
  const settings = { stack, folder: CHECKOUT };
  const report = resolve(options.report ?? `${stackName(settings)}.md`);
  await checkWritable(dirname(report));
  const commit = await cleanCommit(CHECKOUT);
  const pulumi = terminalPulumi(await findPulumi(stack));
  checkPulumi(stack, pulumi);
  const clients = awsClients(region);
  const place = await findPlace(clients, region, options.cluster);
  if (existsSync(toStackFile({ settings })) || (await stackExists(settings, pulumi))) {
    throw new UsageError(
      `There is a stack ${stack} already. The acceptance creates its own stack: omit --stack, or give a name that is not in use.`,
    );
  }
  const secrets = channelSecrets(process.env);
  note(planText({ stack, place, report, channels: listChannels(secrets) }, STEPS));
  if (options.dryRun) return note("\nThis was a dry run: nothing was created.");
  if (!options.yes) await confirm({ question: "\nThis costs money.", expected: "yes", option: "--yes" });

  const made = madeThings();
  process.on("exit", () => {
    const left = leftText(made.left());
    if (left !== undefined) note(`\n${left}`);
  });
  const begun = new Date();
  await takenDownAtInterrupt(async (signal) => {
    const context: Context = { place, settings, pulumi, options, secrets, clients, made, signal, note, found: {} };
    const results = await runSteps(STEPS, context, { signal, tell: note, now: Date.now });
    const { account, cluster } = place;
    const versions = readVersions(pulumi, commit);
    const ended = { stack, account, region, cluster, begun, versions, results, left: made.left() };
    const result = toResult(ended);
    process.exitCode = signal.aborted ? EXIT.interrupted : { passed: 0, failed: 1, interrupted: 130 }[result];
    await writeFile(report, reportText(ended));
    process.stdout.write(`${result}: ${report}\n`);
  }, note);
}

/** Checked before anything costs money. */
async function checkWritable(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch((error: Error) => {
    throw new UsageError(`The report cannot be written: ${error.message}. Give another place with --report FILE.`);
  });
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  // Hides the warning that future versions of the SDK need a newer Node.js.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  endAtSignals();
  try {
    await acceptanceCommand(accept).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

void main();
