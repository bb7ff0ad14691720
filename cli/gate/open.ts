import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { addDefaultCommand } from "../lib/default-command";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { GIVE_EXIT_CODES } from "../orders/give-exit-codes";
import { parseDuration, parseOwner, parseReason } from "../orders/order-values";
import { endOpeningsCommand, listOpeningsCommand } from "./openings";
import { parseService } from "./service-argument";

/** `gate open`: lets what is denied be deployed for some hours. */
export function openCommand(): Command {
  const command = new Command("open").description("Open the gate for some hours, list openings, or end one.");
  addDefaultCommand(command, addCommand());
  command.addCommand(listOpeningsCommand());
  command.addCommand(endOpeningsCommand());
  return withHelp(command, {
    examples: [
      'ecs-image-verification gate open shop/web --for 2h --reason "hotfix, signing is down" --stack prod',
      "ecs-image-verification gate open list --stack prod",
      "ecs-image-verification gate open end shop/web --stack prod",
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}

function addCommand(): Command {
  const command = withDeployedOptions(new Command("add"))
    .description("Let what the gate would refuse be deployed for some hours.")
    .argument("[service]", "the service: CLUSTER/NAME, or its ARN", parseService)
    .option("--all", "every service of the environment, in place of naming one")
    .requiredOption("--for <time>", "how long, at most gate.open.maxHours: 30m, 2h", parseDuration)
    .requiredOption("--reason <text>", "why, at most 500 characters", parseReason)
    .option("--owner <team>", "who answers for it", parseOwner)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./open-action") as typeof import("./open-action")).openGate));
  return withHelp(command, {
    notes: `The word \`add\` may be left out. The gate judges each deployment as always, and lets through what it would refuse.
An opening does not let a blocked image through (\`block\`): end the block. It does not change what the launch detector
does: where that enforces, it stops the tasks of a denied image when they start; \`exempt\` exempts an image for both.

Each deployment that the opening lets through is recorded (response \`opened\`), and the recipients of alarms are told.

The role needs kms:Encrypt on the key of the orders, for this environment and the kind open, and dynamodb:PutItem on
their table; ecs:DescribeServices, to find a service that is named, is of help. CloudTrail says who opened the gate.`,
    examples: [
      'ecs-image-verification gate open add shop/web --for 2h --owner payments --reason "hotfix, signing is down" --stack prod',
      'ecs-image-verification gate open add --all --for 30m --reason "incident 4711" --outputs outputs.json --json',
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}
