import { Command, InvalidArgumentError } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withFilterOptions } from "./verdict-options";

const HELP: Help = {
  notes: `One line for each verdict on a container's image, oldest first. FINAL says whether it is a result: one that is
not yet final is judged again, and a later line has the result. docs/runbook.md says what to do about each code,
docs/events.md explains the fields of --json. It needs logs:FilterLogEvents on the environment's log group.`,
  examples: [
    "ecs-image-verification verdicts --stack prod --since 2h --status denied,inconclusive",
    "ecs-image-verification verdicts --stack prod --follow --cluster orders",
    "ecs-image-verification verdicts --outputs outputs.json --since 2026-06-15T12:00:00Z --json",
    "ecs-image-verification verdicts --stack dev --task 4cf3f47c77c414b6a44fbc0445d97f3c",
  ],
  exitCodes: [
    "0 the log was read, regardless of the verdicts",
    "2 the log could not be read",
    "64 the call or the outputs cannot be used",
    "130 ended by Ctrl-C, as --follow always is",
  ],
};

/** `verdicts`: shows the verifier's verdicts from its log. */
export function verdictsCommand(): Command {
  const command = withDeployedOptions(new Command("verdicts"))
    .description("Show the verdicts on the images that ECS has launched.")
    .option("--since <time>", "how far back: 90s, 30m, 2h, 7d, or a time of ISO 8601 (default: 15m)", parsedSince)
    .option("--follow", "continue with new ones, until Ctrl-C");
  return withHelp(
    withFilterOptions(command)
      .option("--limit <number>", "at most this many of the existing ones, the newest", parseLimit)
      .option("--json", "print one JSON record per line")
      .action(lazily(() => (require("./verdicts-action") as typeof import("./verdicts-action")).verdicts)),
    HELP,
  );
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError("It must be a whole number, at least 1.");
  return limit;
}

/** Commander passes the previous value as a second argument. The time parser is loaded only when it is needed. */
function parsedSince(text: string): Date {
  const { parseSince } = require("./since") as typeof import("./since");
  return parseSince(text);
}
