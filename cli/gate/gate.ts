import { Command } from "commander";
import { withHelp } from "../lib/help";
import { attachCommand } from "./attach";
import { checkCommand } from "./check";
import { detachCommand } from "./detach";
import { openCommand } from "./open";
import { statusCommand } from "./status";

/** `gate`: the deployment gate of ECS services. */
export function gateCommand(): Command {
  const command = new Command("gate").description(
    "Attach the deployment gate to ECS services, show what it does and would do, or open it.",
  );
  command.addCommand(checkCommand());
  command.addCommand(attachCommand());
  command.addCommand(detachCommand());
  command.addCommand(statusCommand());
  command.addCommand(openCommand());
  command.helpCommand(false);
  return withHelp(command, {
    examples: [
      "ecs-image-verification gate attach --all --stack prod --dry-run",
      "ecs-image-verification gate detach shop/web --stack prod",
    ],
    exitCodes: ["those of its commands"],
  });
}
