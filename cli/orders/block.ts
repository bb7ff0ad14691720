import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { addDefaultCommand } from "../lib/default-command";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { endBlockCommand } from "./end-command";
import { GIVE_EXIT_CODES } from "./give-exit-codes";
import { listBlocksCommand } from "./list-command";
import { parseDuration, parseOrderedImage, parseOwner, parseReason } from "./order-values";

/** `block`: denies a digest, regardless of its signatures. */
export function blockCommand(): Command {
  const command = new Command("block").description("Block an image from its next launch on, list blocks, or end one.");
  addDefaultCommand(command, addCommand());
  command.addCommand(listBlocksCommand());
  command.addCommand(endBlockCommand());
  return withHelp(command, {
    examples: [
      'ecs-image-verification block registry.example.com/app@sha256:<digest> --reason "CVE-2026-1234 is exploited" --stack prod',
      "ecs-image-verification block list --stack prod",
      "ecs-image-verification block end registry.example.com/app@sha256:<digest> --stack prod",
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}

function addCommand(): Command {
  const command = withDeployedOptions(new Command("add"))
    .description("Deny an image in an environment from its next launch on.")
    .argument("<image>", "the image, by its digest", parseOrderedImage)
    .requiredOption("--reason <text>", "why, at most 500 characters", parseReason)
    .option("--for <time>", "how long: 30m, 4h, 7d (default: until it is ended)", parseDuration)
    .option("--owner <team>", "who answers for it", parseOwner)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./give-action") as typeof import("./give-action")).giveBlock));
  return withHelp(command, {
    notes: `The word \`add\` may be left out. The digest is denied (\`digest-blocked\`) in every repository, regardless of
exemptions, signatures and earlier verdicts. Tasks that already run keep running: docs/orders.md says how to find and
stop them.

The role needs kms:Encrypt on the key of the orders, for this environment and the kind block, and dynamodb:PutItem on
their table. CloudTrail says who gave the order.`,
    examples: [
      'ecs-image-verification block add registry.example.com/app@sha256:<digest> --reason "CVE-2026-1234 is exploited" --stack prod',
      'ecs-image-verification block add registry.example.com/app@sha256:<digest> --reason "under investigation" --for 7d --owner security --outputs outputs.json --json',
    ],
    exitCodes: GIVE_EXIT_CODES,
  });
}
