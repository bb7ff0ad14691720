import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseOrderedImage } from "./order-values";

const NOTES = `Every order of this kind for the digest is deleted, no matter who gave it and which repository it names.

The role needs dynamodb:Query and dynamodb:DeleteItem on the table of the orders.`;

const EXIT_CODES = [
  "0 ended",
  "1 there was none for this digest",
  "2 the table could not be read or written",
  "64 the call or the outputs cannot be used",
];

/** `block end`: a digest is judged again as if it had not been blocked. */
export function endBlockCommand(): Command {
  return endCommand("End the block of an image.", "block").action(
    lazily(() => (require("./end-action") as typeof import("./end-action")).endBlocks),
  );
}

/** `exempt end`: a digest is judged again as if it had not been exempted. */
export function endExemptionCommand(): Command {
  return endCommand("End the exemption of an image before its time.", "exempt").action(
    lazily(() => (require("./end-action") as typeof import("./end-action")).endExemptions),
  );
}

function endCommand(description: string, parent: "block" | "exempt"): Command {
  const command = withDeployedOptions(new Command("end"))
    .description(description)
    .argument("<image>", "the image, by its digest", parseOrderedImage)
    .option("--json", "print one JSON document for each order that was ended");
  return withHelp(command, {
    notes: NOTES,
    examples: [
      `ecs-image-verification ${parent} end registry.example.com/app@sha256:<digest> --stack prod`,
      `ecs-image-verification ${parent} end registry.example.com/app@sha256:<digest> --outputs outputs.json --json`,
    ],
    exitCodes: EXIT_CODES,
  });
}
