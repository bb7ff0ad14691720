import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { addDefaultCommand } from "../lib/default-command";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { endExemptionCommand } from "./end-command";
import { GIVE_EXIT_CODES } from "./give-exit-codes";
import { listExemptionsCommand } from "./list-command";
import { parseDuration, parseOrderedImage, parseOwner, parseReason } from "./order-values";

/** `exempt`: lets a digest run for some hours, regardless of its signatures. */
export function exemptCommand(): Command {
  const command = new Command("exempt").description("Exempt an image for some hours, list exemptions, or end one.");
  addDefaultCommand(command, addCommand());
  command.addCommand(listExemptionsCommand());
  command.addCommand(endExemptionCommand());
  return withHelp(command, {
    examples: [
      'ecs-image-verification exempt registry.example.com/app@sha256:<digest> --for 4h --owner payments --reason "hotfix, signing is down" --stack prod',
      "ecs-image-verification exempt list --stack prod",
      "ecs-image-verification exempt end registry.example.com/app@sha256:<digest> --stack prod",
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}

function addCommand(): Command {
  const command = withDeployedOptions(new Command("add"))
    .description("Let an image run for some hours in an environment.")
    .argument("<image>", "the image, by its digest", parseOrderedImage)
    .requiredOption("--for <time>", "how long, at most breakGlass.maxHours: 30m, 4h", parseDuration)
    .requiredOption("--owner <team>", "who answers for it", parseOwner)
    .requiredOption("--reason <text>", "why, at most 500 characters", parseReason)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./give-action") as typeof import("./give-action")).giveExemption));
  return withHelp(command, {
    notes: `The word \`add\` may be left out. The image is still verified, and its verdict says what it would be without the
exemption. A block of the same digest takes precedence. The recipients of alarms get a message about the first container
that runs because of the exemption, and about its end.

The role needs kms:Encrypt on the key of the orders, for this environment and the kind exempt, and dynamodb:PutItem on
their table. CloudTrail says who gave the order. docs/orders.md says more.`,
    examples: [
      'ecs-image-verification exempt add registry.example.com/app@sha256:<digest> --for 4h --owner payments --reason "hotfix, signing is down" --stack prod',
      'ecs-image-verification exempt add registry.example.com/app@sha256:<digest> --for 30m --owner on-call --reason "incident 4711" --outputs outputs.json --json',
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}
