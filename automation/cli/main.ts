import { Command, CommanderError } from "commander";
import { RequirementMissingError } from "../../build/go";
import { TrustDocumentError } from "../../trust/problem";
import { TrustFileError } from "../../trust/read";
import { EXIT, UsageError } from "./exit-code";
import { verifyCommand } from "./verify";

/** Runs the command line. Sets the exit code of this process. */
export async function main(argv: readonly string[]): Promise<void> {
  // A signal must run what is registered for the end of the process, such as the removal of temporary files.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function program(): Command {
  const command = new Command("ecs-image-verification")
    .description("Signs container images with AWS Signer and verifies the images that Amazon ECS launches.")
    .helpCommand(false)
    .showHelpAfterError("(add --help for the options and examples)")
    .exitOverride();
  command.addCommand(verifyCommand());
  // Sub-commands do not inherit this by themselves.
  for (const sub of command.commands) sub.copyInheritedSettings(command);
  return command;
}

/** Tells a person what went wrong, and gives the exit code for it. */
function report(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof UsageError || error instanceof TrustDocumentError || error instanceof TrustFileError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof RequirementMissingError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.inconclusive;
  }
  process.stderr.write(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return EXIT.inconclusive;
}
