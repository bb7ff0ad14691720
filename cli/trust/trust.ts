import { Command } from "commander";
import { withHelp } from "../lib/help";
import { trustCheckCommand } from "./check";
import { trustExplainCommand } from "./explain";
import { trustShowCommand } from "./show";

/** `trust`: inspects trust documents. Calls neither AWS nor Pulumi. */
export function trustCommand(): Command {
  const command = new Command("trust")
    .description("Check, show or explain whom an environment trusts; needs neither AWS nor Pulumi.")
    .helpCommand(false)
    .addCommand(trustCheckCommand())
    .addCommand(trustShowCommand())
    .addCommand(trustExplainCommand());
  return withHelp(command, {
    examples: [
      "ecs-image-verification trust check Pulumi.prod.yaml",
      "ecs-image-verification trust show Pulumi.prod.yaml --account 111122223333",
    ],
    exitCodes: ["those of check, show and explain", "64 the call cannot be used"],
  });
}
