import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withEnvironmentsOptions } from "./environments-options";
import { withPolicyOptions } from "./policy-options";

/** `up`: creates environments or updates them to match their configuration. */
export function upCommand(): Command {
  const command = new Command("up").description("Create environments, or change them to match their configuration.");
  withPolicyOptions(withEnvironmentsOptions(command))
    .option("--yes", "do not show a preview and ask before each environment")
    .option("--json", "print one JSON document for each stack");
  return withHelp(command, {
    notes: [
      "Several environments are changed in the order given; the first failure ends it. Where the last update did not",
      "succeed, the state is refreshed from AWS first: Pulumi may have recorded a change that was never made.",
    ].join("\n"),
    examples: [
      "ecs-image-verification up --stack dev",
      "ecs-image-verification up --stack dev --stack prod --policy-pack policy --yes",
    ],
    exitCodes: [
      "0 done",
      "1 a mandatory policy is violated",
      "2 Pulumi or AWS failed; what was done before stays",
      "64 the call, the project, the account of the AWS credentials or a stack's configuration cannot be used",
      "75 another update of the environment is in progress",
      "130 interrupted; providers were asked to stop, and unfinished work may be half done",
    ],
  }).action(lazily(() => (require("./up-action") as typeof import("./up-action")).up));
}
