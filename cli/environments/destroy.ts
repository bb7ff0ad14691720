import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withEnvironmentsOptions } from "./environments-options";

/** `destroy`: destroys environments. */
export function destroyCommand(): Command {
  const command = new Command("destroy").description("Remove environments, with all that is in them.");
  withEnvironmentsOptions(command)
    .option("--remove", "remove the stack and its history as well; its file stays")
    .option(
      "--unprotect",
      "first remove the protection of the signing profile, the ledger, the orders, the gate and the images in the repositories, by a deployment; the stack's file stays",
    )
    .option("--detach-gate", "first take the deployment gate away from every service that has it: `gate detach --all`")
    .option("--yes", "do not ask before each environment")
    .option("--json", "print one JSON document for each stack");
  return withHelp(command, {
    notes: [
      "From then on nothing is verified there. Protected resources stop it: docs/teardown.md. Images that were signed stay",
      "trusted elsewhere until they are revoked.",
      "",
      "While a service has the hook of the environment's deployment gate, the environment cannot be removed: each deployment",
      "of that service would fail.",
    ].join("\n"),
    examples: [
      "ecs-image-verification destroy --stack dev",
      "ecs-image-verification destroy --stack dev --remove --yes",
      "ecs-image-verification destroy --stack prod --detach-gate --unprotect",
    ],
    exitCodes: [
      "0 done",
      "2 Pulumi or AWS failed, something is protected, or a service keeps the gate; what was removed before stays removed",
      "64 the call, the project or the account of the AWS credentials cannot be used, or there is no such environment",
      "75 another update of the environment is in progress",
      "130 interrupted; providers were asked to stop, and unfinished work may be half done",
    ],
  }).action(lazily(() => (require("./destroy-action") as typeof import("./destroy-action")).destroy));
}
