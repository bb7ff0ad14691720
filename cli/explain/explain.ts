import { Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const HELP: Help = {
  notes: `Needs neither AWS nor Pulumi. The explanation is that of docs/runbook.md: what the code means and what causes it, what
to look at, what to do, and when to wake somebody. Commands in it are for a stack named prod; words in capitals are for you to
fill in. Without a code, all codes are listed.

Where an image stands in a trust document, trust explain says.`,
  examples: [
    "ecs-image-verification explain no-signature",
    "ecs-image-verification explain",
    "ecs-image-verification explain signature-revoked --json | jq -r .do",
  ],
  exitCodes: ["0 explained", "64 there is no such code, or the call cannot be used"],
};

/** `explain`: what a reason code means, and what to do. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .description("Explain a reason code: what causes it, and what to do.")
    .argument("[code]", "a reason code, such as no-signature; without it, all are listed")
    .option("--json", "print one JSON document; without a code one per line for each code")
    .action(lazily(() => (require("./explain-action") as typeof import("./explain-action")).explain));
  return withHelp(command, HELP);
}
