import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { withEnvironmentsOptions } from "./environments-options";
import { withPolicyOptions } from "./policy-options";

/** `preview`: shows what `up` would do. */
export function previewCommand(): Command {
  const command = new Command("preview").description("Show what `up` would change, and change nothing.");
  withPolicyOptions(withEnvironmentsOptions(command)).option("--json", "print one JSON document for each stack");
  return withHelp(command, {
    examples: [
      "ecs-image-verification preview --stack dev",
      "ecs-image-verification preview --stack prod --policy-pack policy --policy-pack-config policy-prod.json",
      "ecs-image-verification preview --stack dev --stack prod --json",
    ],
    exitCodes: [
      "0 done",
      "1 a mandatory policy is violated",
      "2 Pulumi or AWS failed",
      "64 the call, the project, the account of the AWS credentials or a stack's configuration cannot be used",
      "75 another update of the environment is in progress",
      "130 interrupted",
    ],
  }).action(lazily(() => (require("./preview-action") as typeof import("./preview-action")).preview));
}
