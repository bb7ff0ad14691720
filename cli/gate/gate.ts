import { Command } from "commander";
import { withHelp } from "../lib/help";
import { attachCommand } from "./attach";
import { detachCommand } from "./detach";

/** `gate`: the deployment gate of ECS services. */
export function gateCommand(): Command {
  const command = new Command("gate").description("Attach the deployment gate to ECS services, or take it away.");
  command.addCommand(attachCommand());
  command.addCommand(detachCommand());
  command.helpCommand(false);
  return withHelp(command, {
    examples: [
      "ecs-image-verification gate attach --all --stack prod --dry-run",
      "ecs-image-verification gate detach shop/web --stack prod",
    ],
    exitCodes: ["those of its commands"],
  });
}
