import { Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const HELP: Help = {
  notes: `Starts a registry and stand-ins for AWS Signer, its plugin and ECS on free ports of this machine, and pushes images that are
signed, unsigned, expired, revoked and more. It prints what they are, one line that points the commands of another terminal at
it, and commands to try there. Nothing is sent to AWS, and nothing is left when it has ended. Signatures, Notation and verdicts
are real.

The commands of that terminal say on standard error that they use the playground, and refuse images of any other registry.
Commands that work on deployed environments refuse to run there; it plays none but those of \`gate check\` and \`scan\`.`,
  examples: ["ecs-image-verification playground", "ecs-image-verification playground --json"],
  exitCodes: [
    "0 it was there until Ctrl-C or SIGTERM came",
    "2 it could not be started; nothing is left of it",
    "64 the call cannot be used",
    "129 the terminal was closed; nothing is left of it",
    "130 Ctrl-C or SIGTERM came before it was there; nothing is left of it",
  ],
};

/** `playground`: something to try the commands on. */
export function playgroundCommand(): Command {
  const command = new Command("playground")
    .description("Start a registry, AWS Signer and ECS on this machine, to try commands on until Ctrl-C.")
    .option("--json", "print one JSON document, in one line, when it is there")
    .action(lazily(() => (require("./playground-action") as typeof import("./playground-action")).playground));
  return withHelp(command, HELP);
}
