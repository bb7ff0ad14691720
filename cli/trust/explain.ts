import { Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE, withTrustOptions } from "./options";

const HELP: Help = {
  notes: `Uses neither the network nor AWS: it says what the document says of the image, and what verify and the launch detector
would ask of whom. Whether the signatures are there and valid, only verify can tell. Orders of the moment (blocks and exemptions
for hours) are not looked at.`,
  examples: [
    "ecs-image-verification trust explain registry.example.com/app@sha256:<digest> --trust trust.yaml",
    "ecs-image-verification trust explain nginx:1.29 --trust Pulumi.prod.yaml --account 111122223333",
    "ecs-image-verification trust explain registry.example.com/app --trust trust.yaml --json | jq .statement.name",
  ],
  exitCodes: [
    "0 explained: the signatures of each image decide, or it is exempt",
    "1 the document denies an image whatever its signatures",
    "64 the call or the file cannot be used; trust check lists all problems of a file",
  ],
};

/** `trust explain`: what a trust document says of images. */
export function trustExplainCommand(): Command {
  const command = withTrustOptions(
    new Command("explain")
      .description("Explain what a trust document says of an image, and what would be asked of whom.")
      .argument("<reference...>", "images: registry/repository with a tag or, better, a digest")
      .requiredOption("--trust <file>", TRUST_FILE),
  )
    .option("--json", "print one JSON document per line for each image")
    .action(lazily(() => (require("./explain-action") as typeof import("./explain-action")).explainImages));
  return withHelp(command, HELP);
}
