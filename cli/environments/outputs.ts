import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withEnvironmentsOptions } from "./environments-options";

/** `outputs`: the outputs of the last deployment of environments. */
export function outputsCommand(): Command {
  const command = new Command("outputs").description("Print the outputs of the last deployment of environments.");
  withEnvironmentsOptions(command).option("--json", "print one JSON document for each stack");
  return withHelp(command, {
    notes: "Save what --json prints for the option --outputs FILE of other commands, which then need no Pulumi.",
    examples: [
      "ecs-image-verification outputs --stack dev",
      "ecs-image-verification outputs --stack prod --json > prod.json",
      "ecs-image-verification outputs --stack dev --stack prod",
    ],
    exitCodes: [
      "0 done",
      "2 Pulumi failed",
      "64 the call or the project cannot be used, or there is no such environment",
      "130 interrupted",
    ],
  }).action(lazily(() => (require("./outputs-action") as typeof import("./outputs-action")).outputs));
}
