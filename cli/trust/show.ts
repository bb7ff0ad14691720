import { Command, Option } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE, withTrustOptions } from "./options";

const HELP: Help = {
  notes: `Needs neither AWS nor Pulumi. Encrypted values of a stack's file are taken as given.

With --policy the output is Notation's own trust policy, to verify an image with the Notation CLI yourself:
  ecs-image-verification trust show trust.yaml --policy > trustpolicy.json
  notation policy import trustpolicy.json
  notation verify registry.example.com/app@sha256:<digest>

Notation also needs AWS Signer's plugin and its root certificate in the trust store of the name that trust show
prints; AWS's installer puts both in place. Notation does not know registries, exemptions, require, signaturesFrom,
signedAfter and maxAgeDays: by itself it is satisfied by one signature of any listed profile, of any age.`,
  examples: [
    "ecs-image-verification trust show trust.yaml --account 111122223333 --region eu-west-1",
    "ecs-image-verification trust show Pulumi.prod.yaml --account 111122223333 --json",
    "ecs-image-verification trust show trust.yaml --policy > trustpolicy.json",
  ],
  exitCodes: ["0 shown", "64 the call or the file cannot be used; trust check lists all problems of a file"],
};

/** `trust show`: everything that is derived from a trust document. */
export function trustShowCommand(): Command {
  const command = withTrustOptions(
    new Command("show")
      .description("Show everything that is derived from a trust document or a stack's file.")
      .argument("<file>", TRUST_FILE),
  )
    .addOption(new Option("--policy", "print Notation's trust policy only, as its trustpolicy.json").conflicts("json"))
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./show-action") as typeof import("./show-action")).show));
  return withHelp(command, HELP);
}
