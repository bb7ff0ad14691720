import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseService } from "./service-argument";

/** `gate open list`: the openings of the gate. */
export function listOpeningsCommand(): Command {
  const command = withDeployedOptions(new Command("list"))
    .description("List the openings of the gate of an environment.")
    .option("--json", "print one JSON document for each opening")
    .action(lazily(() => (require("./openings-action") as typeof import("./openings-action")).printOpenings));
  return withHelp(command, {
    notes: `The state of an opening is \`in force\` if the gate obeys it now, and \`REFUSED\` if it lasts too long or was not proven
with this environment's key. Openings that have ended are shown for 30 days.

The role needs dynamodb:Scan on the table of the orders, and kms:Decrypt on their key.`,
    examples: [
      "ecs-image-verification gate open list --stack prod",
      "ecs-image-verification gate open list --outputs outputs.json --json",
    ],
    exitCodes: [
      "0 listed, even if there are none",
      "2 the openings could not be read",
      "64 the call or the outputs cannot be used",
    ],
  });
}

/** `gate open end`: the gate refuses again what it would have refused. */
export function endOpeningsCommand(): Command {
  const command = withDeployedOptions(new Command("end"))
    .description("End the openings of the gate for a service, or those for all, before their time.")
    .argument("[service]", "the service: CLUSTER/NAME, or its ARN", parseService)
    .option("--all", "the openings for every service, in place of those for one")
    .option("--json", "print one JSON document for each opening that was ended")
    .action(lazily(() => (require("./openings-action") as typeof import("./openings-action")).endGiven));
  return withHelp(command, {
    notes: `Every opening for the service is deleted, no matter who gave it. One that was given with --all stays, and is ended with
--all; that does not end those for single services.

The role needs dynamodb:Query and dynamodb:DeleteItem on the table of the orders.`,
    examples: [
      "ecs-image-verification gate open end shop/web --stack prod",
      "ecs-image-verification gate open end --all --outputs outputs.json --json",
    ],
    exitCodes: [
      "0 ended",
      "1 there was none for this service",
      "2 the table could not be read or written",
      "64 the call or the outputs cannot be used",
    ],
  });
}
