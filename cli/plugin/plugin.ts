import { Command } from "commander";
import { withHelp } from "../lib/help";
import { pluginInstallCommand } from "./install";

/** `plugin`: AWS's Signer plugin for Notation. */
export function pluginCommand(): Command {
  const command = new Command("plugin")
    .description("Install the AWS Signer plugin for Notation, which sign, verify, inspect and scan need.")
    .helpCommand(false)
    .addCommand(pluginInstallCommand());
  return withHelp(command, {
    examples: [
      "ecs-image-verification plugin install",
      "ecs-image-verification plugin install --from-image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@sha256:...",
    ],
    exitCodes: ["those of install", "64 the call cannot be used"],
  });
}
