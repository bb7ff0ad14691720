import { Command } from "commander";
import { PLAYGROUND_VARIABLE } from "../local/playground/variable";
import { version } from "../package.json";
import { completionCommand } from "./completion/completion";
import { doctorCommand } from "./doctor/doctor";
import { destroyCommand } from "./environments/destroy";
import { outputsCommand } from "./environments/outputs";
import { previewCommand } from "./environments/preview";
import { statusCommand } from "./environments/status";
import { upCommand } from "./environments/up";
import { explainCommand } from "./explain/explain";
import { gateCommand } from "./gate/gate";
import { imageCommand } from "./images/image";
import { inspectCommand } from "./images/inspect";
import { revokeCommand } from "./images/revoke";
import { signCommand } from "./images/sign";
import { verifyCommand } from "./images/verify";
import { initCommand } from "./init/init";
import { redriveCommand } from "./launches/redrive";
import { runSampleCommand } from "./launches/run-sample";
import { verdictsCommand } from "./launches/verdicts";
import { EXIT_CODES } from "./lib/exit-code";
import { endOfHangUp } from "./lib/hang-up";
import { withHelp } from "./lib/help";
import { helpCommand, withHelpWords } from "./lib/help-command";
import { HELP_FORMAT } from "./lib/help-format";
import { checkPlainWords, guardPipelines } from "./lib/log-safety";
import { reportError } from "./lib/report-error";
import { checkCommandWords } from "./lib/unknown-command";
import { checkWrittenOptions } from "./lib/written-options";
import { blockCommand } from "./orders/block";
import { exemptCommand } from "./orders/exempt";
import { playgroundCommand } from "./playground/playground";
import { pluginCommand } from "./plugin/plugin";
import { reportCommand } from "./report/report";
import { scanCommand } from "./scan/scan";
import { bottlerocketCommand } from "./trust/bottlerocket";
import { trustCommand } from "./trust/trust";

/** Runs the command line as this process and sets its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // A signal must run the process's exit handlers, such as the removal of temporary files.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("SIGHUP", () => {
    endOfHangUp();
    process.exit(129);
  });
  process.stdout.on("error", endIfNobodyReads);
  for (const stream of [process.stdout, process.stderr]) guardPipelines(stream);
  process.stderr.on("error", endIfNobodyReads);
  await call(argv.slice(2));
}

/** Runs the command given by the words after the program's name and reports errors. Sets the exit code of this process. */
export async function call(words: readonly string[]): Promise<void> {
  try {
    const root = program();
    checkPlainWords(words);
    const meant = withHelpWords(root, words);
    checkCommandWords(root, meant);
    checkWrittenOptions(root, meant);
    await root.parseAsync(meant, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** All commands. `commandsGroup` puts the commands after it under a heading of `--help`. */
export function program(): Command {
  const command = new Command("ecs-image-verification")
    .description("Signs container images with AWS Signer and verifies the images that Amazon ECS launches.")
    .version(version)
    .helpCommand(false)
    .configureHelp(HELP_FORMAT)
    .showHelpAfterError("(add --help for the options and examples)")
    .hook("preAction", (_, action) => {
      if (process.env[PLAYGROUND_VARIABLE]) loadPlayground().pointAtPlayground(action);
    })
    .exitOverride();
  withHelp(command, {
    examples: [
      "ecs-image-verification playground",
      "ecs-image-verification trust check trust.yaml",
      "ecs-image-verification verify registry.example.com/app:v1 --trust trust.yaml",
    ],
    exitCodes: EXIT_CODES,
  });

  command.commandsGroup("Getting started:");
  command.addCommand(playgroundCommand());
  command.addCommand(initCommand());
  command.addCommand(doctorCommand());
  command.addCommand(pluginCommand());

  command.commandsGroup("Images:");
  command.addCommand(verifyCommand());
  command.addCommand(signCommand());
  command.addCommand(inspectCommand());
  command.addCommand(revokeCommand());
  command.addCommand(imageCommand());

  command.commandsGroup("Trust:");
  command.addCommand(trustCommand());
  command.addCommand(bottlerocketCommand());

  command.commandsGroup("Orders of the moment (block, break-glass exemption):");
  command.addCommand(blockCommand());
  command.addCommand(exemptCommand());

  command.commandsGroup("Environments:");
  command.addCommand(previewCommand());
  command.addCommand(upCommand());
  command.addCommand(statusCommand());
  command.addCommand(outputsCommand());
  command.addCommand(destroyCommand());

  command.commandsGroup("Deployments:");
  command.addCommand(gateCommand());

  command.commandsGroup("Running images:");
  command.addCommand(scanCommand());
  command.addCommand(reportCommand());

  command.commandsGroup("Launches:");
  command.addCommand(verdictsCommand());
  command.addCommand(explainCommand());
  command.addCommand(redriveCommand());
  command.addCommand(runSampleCommand());

  command.commandsGroup("Help:");
  command.addCommand(helpCommand());
  command.addCommand(completionCommand());

  inheritSettings(command);
  return command;
}

/** Only a shell that is pointed at a playground needs it. */
function loadPlayground() {
  return require("./playground/point-at-playground") as typeof import("./playground/point-at-playground");
}

/** Commands added with `addCommand` do not inherit the error handling automatically. */
function inheritSettings(command: Command): void {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    inheritSettings(sub);
  }
}

/** The reader of our output, such as `head`, has closed the pipe. 141 is a shell's exit code for SIGPIPE. */
function endIfNobodyReads(error: NodeJS.ErrnoException): void {
  // The terminal was closed: what has to clean up does so, without words.
  if (error.code === "EIO") return;
  if (error.code === "EPIPE") process.exit(141);
  throw error;
}
