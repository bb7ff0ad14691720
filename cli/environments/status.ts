import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withEnvironmentsOptions } from "./environments-options";

/** `status`: whether environments exist and how their last update ended. */
export function statusCommand(): Command {
  const command = new Command("status").description("Show whether environments exist, and how their last update went.");
  withEnvironmentsOptions(command).option("--json", "print one JSON document for each stack");
  return withHelp(command, {
    examples: [
      "ecs-image-verification status --stack dev --stack prod",
      "ecs-image-verification status --stack prod --json",
    ],
    exitCodes: ["0 done", "2 Pulumi failed", "64 the call or the project cannot be used", "130 interrupted"],
  }).action(lazily(() => (require("./status-action") as typeof import("./status-action")).status));
}
