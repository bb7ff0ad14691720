import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const NOTES = `The state of an order is \`in force\` if the verifier obeys it now, and \`REFUSED\` if it lasts too long or was not
proven with this environment's key. Orders that have ended are shown for 30 days.

The role needs dynamodb:Scan on the table of the orders, and kms:Decrypt on their key.`;

const EXIT_CODES = [
  "0 listed, even if there are none",
  "2 the orders could not be read",
  "64 the call or the outputs cannot be used",
];

/** `block list`: what is blocked. */
export function listBlocksCommand(): Command {
  return listCommand("List the blocks of an environment.", "block").action(
    lazily(() => (require("./list-action") as typeof import("./list-action")).listBlocks),
  );
}

/** `exempt list`: what is exempted by an order. */
export function listExemptionsCommand(): Command {
  return listCommand("List the break-glass exemptions of an environment.", "exempt").action(
    lazily(() => (require("./list-action") as typeof import("./list-action")).listExemptions),
  );
}

function listCommand(description: string, parent: "block" | "exempt"): Command {
  const command = withDeployedOptions(new Command("list"))
    .description(description)
    .option("--json", "print one JSON document for each order");
  return withHelp(command, {
    notes: NOTES,
    examples: [
      `ecs-image-verification ${parent} list --stack prod`,
      `ecs-image-verification ${parent} list --outputs outputs.json --json`,
    ],
    exitCodes: EXIT_CODES,
  });
}
