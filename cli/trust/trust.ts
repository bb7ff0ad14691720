import { Command } from "commander";
import { withHelp } from "../lib/help";
import { trustCheckCommand } from "./check";
import { trustShowCommand } from "./show";

/** `trust`: inspects trust documents. Calls neither AWS nor Pulumi. */
export function trustCommand(): Command {
  const command = new Command("trust")
    .description("Check or show whom an environment trusts; needs neither AWS nor Pulumi.")
    .helpCommand(false)
    .addCommand(trustCheckCommand())
    .addCommand(trustShowCommand());
  return withHelp(command, {
    examples: [
      "ecs-image-verification trust check Pulumi.prod.yaml",
      "ecs-image-verification trust show Pulumi.prod.yaml --account 111122223333",
    ],
    exitCodes: ["those of check and show", "64 the call cannot be used"],
  });
}
