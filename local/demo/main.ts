import { Command, CommanderError } from "commander";
import { RequirementMissingError } from "../../build/go";
import { outputWidth } from "../../cli/lib/table";
import { performDemo } from "./demo";
import { deploymentTable } from "./deployments/table";
import { exampleMessage, refusalMessage, sweepMessage } from "./example-message";
import { jsonLines } from "./json-lines";
import { PluginUnusableError } from "./stage";
import { summarize, summaryText } from "./summary";
import { sweepTable } from "./sweep/table";
import { verdictTable, WIDEST_TABLE } from "./table";

const USAGE_ERROR = 64;
/** The time within which all copies of one Ctrl-C arrive, also on a busy machine, in milliseconds. */
const SAME_INTERRUPT_MS = 3000;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const INTRODUCTION = `Launches of ECS tasks in an environment that enforces, handled by the code that the Lambda function runs.
Real: judging, responding, the ledger's code and the calls to AWS; Notation, the signatures and their verification.
Stand-ins on this machine: AWS Signer, the container registry, ECS and its events, DynamoDB, EventBridge and SNS. Each
answers calls over HTTP, and what the table shows as done is what it was asked to do. Lambda's waiting takes no time.
Orders (block, break-glass exemption) are kept in memory and taken for proven; on AWS they are in DynamoDB, and KMS
proves them.
Nothing is sent to AWS, and nothing is left behind but a report page.
`;

const DEPLOYMENTS =
  "Deployments of services behind the gate: ECS asks it before tasks start, and again when their digests are known.";

const SWEEPS = "Sweeps: what runs is judged again, by digest, on a schedule.";

class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super("Interrupted.");
  }
}

async function main(args: readonly string[]): Promise<number> {
  // A warning that future SDK versions need a newer Node.js does not interest viewers of the demo.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const parsed = readArguments(args);
  if ("exitCode" in parsed) return parsed.exitCode;
  process.stderr.write(`${INTRODUCTION}\n`);
  const signal = interruption();
  try {
    const { report, registry, effects, seconds, ...played } = await performDemo(signal);
    const { rows, deployments, sweeps } = played;
    const summary = summarize(played, effects, seconds);
    const text = summaryText(played, summary);
    if (parsed.json) {
      process.stdout.write(jsonLines(played, { ...summary, report }));
      if (summary.unexpected > 0) process.stderr.write(`${text}\n`);
    } else {
      const options = { registry, color: wantsColor(), width: outputWidth() ?? WIDEST_TABLE };
      const parts = [
        verdictTable(rows, options),
        exampleMessage(rows),
        DEPLOYMENTS,
        deploymentTable(deployments, options),
        refusalMessage(deployments),
        SWEEPS,
        sweepTable(sweeps.rows, options),
        sweepMessage(sweeps),
        `The report page about all of this, the only thing that is left: ${report}`,
        text,
      ];
      process.stdout.write(`\n${parts.join("\n\n")}\n`);
    }
    return summary.unexpected === 0 ? 0 : 1;
  } catch (thrown) {
    // Ctrl-C interrupts all programs, and it causes every failure that follows.
    const error: unknown = signal.aborted ? signal.reason : thrown;
    process.stderr.write(`\n${failureText(error)}\n`);
    return error instanceof Interrupted ? error.exitCode : 1;
  }
}

function readArguments(args: readonly string[]): { readonly json: boolean } | { readonly exitCode: number } {
  const command = new Command("demo")
    .usage("[--json]")
    .description(
      "Plays launches of ECS tasks, signed and otherwise, and shows the verdict on each container and what was done.",
    )
    .option("--json", "write JSON lines instead of the table", false)
    .addHelpText(
      "after",
      "\nEnvironment:\n  SIGNER_PLUGIN  path of another Signer plugin\n  NO_COLOR       no colors\n\n" +
        "Exits with 0 if all verdicts, responses and messages are as expected, with 1 if not, with 64 for arguments it does not know.",
    )
    .allowExcessArguments(false)
    .showHelpAfterError()
    .exitOverride();
  try {
    return command.parse(args, { from: "user" }).opts<{ json: boolean }>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_ERROR };
  }
}

/**
 * Aborted by the first signal; a second one ends the process at once. One Ctrl-C causes several signals: the terminal
 * sends it to every program in the foreground, and npm and tsx forward it.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let interruptedAt = Number.POSITIVE_INFINITY;
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (performance.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(exitCode);
      if (controller.signal.aborted) return;
      interruptedAt = performance.now();
      controller.abort(new Interrupted(exitCode));
    });
  }
  return controller.signal;
}

function wantsColor(): boolean {
  const { NO_COLOR, TERM } = process.env;
  // Undefined instead of false if it is not a terminal: then the color library's own defaults decide.
  return process.stdout.isTTY === true && !NO_COLOR && TERM !== "dumb";
}

/** A stack trace only for a fault of the demo itself. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExpected = [Interrupted, RequirementMissingError, PluginUnusableError].some((type) => error instanceof type);
  return isExpected ? error.message : (error.stack ?? error.message);
}

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
