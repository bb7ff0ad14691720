import { Command, InvalidArgumentError, Option } from "commander";
import { QUEUE_KINDS } from "../../automation/operations/queue-kinds";
import { withDeployedOptions } from "../environments/deployed-options";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const DEFAULT_MAX = 1000;

const HELP: Help = {
  notes: `The failure queue has the events that the function failed at three times and the stops that were postponed twelve
times, the dead-letter queue those that EventBridge could not deliver to it. Find out why first: --dry-run shows it and
changes nothing.

Each event is given back unchanged. It is verified again, with the current trust document; because of the ledger,
nothing is done or reported twice. It is older than giveUpAfterSeconds, so that a verdict which is still inconclusive is
final immediately: fix the cause first. A denied task is stopped if it still runs, within the stop budget; stops beyond
the budget are postponed. An event that fails again is in the failure queue again some minutes later. docs/operations.md
says more.

It needs sqs:GetQueueUrl, sqs:ReceiveMessage, sqs:ChangeMessageVisibility and sqs:DeleteMessage on the queues, and
lambda:InvokeFunction on the function.`,
  examples: [
    "ecs-image-verification redrive --stack prod --dry-run",
    "ecs-image-verification redrive --stack prod",
    "ecs-image-verification redrive --outputs outputs.json --queue failure --max 10 --json",
  ],
  exitCodes: [
    "0 every event that was there was given back, or there was none; always, for a successful dry run",
    "2 something stays in a queue: Lambda refused it or it is not a launch event; or a queue could not be read",
    "64 the call or the outputs cannot be used",
  ],
};

/** `redrive`: sends failed events to the function again. */
export function redriveCommand(): Command {
  const command = withDeployedOptions(new Command("redrive"))
    .description("Send the events that failed to the verifier's function again.")
    .addOption(new Option("--queue <which>", "only one of the two queues").choices(QUEUE_KINDS))
    .option("--dry-run", "show what is in the queues and change nothing")
    .option("--max <number>", "the maximum number of messages of a queue", parseMax, DEFAULT_MAX)
    .option("--json", "print one JSON document for each message")
    .action(lazily(() => (require("./redrive-action") as typeof import("./redrive-action")).redriveEvents));
  return withHelp(command, HELP);
}

function parseMax(text: string): number {
  const max = Number(text);
  if (!Number.isInteger(max) || max < 1 || max > 100_000) {
    throw new InvalidArgumentError("It must be a whole number, at least 1 and at most 100000.");
  }
  return max;
}
