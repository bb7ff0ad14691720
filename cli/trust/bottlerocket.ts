import { Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE, withTrustOptions } from "./options";

const HELP: Help = {
  notes: `Bottlerocket for ECS (variants aws-ecs-3 from 1.51.0 on, and aws-ecs-4) verifies images when it pulls them, and
refuses those that Notation does not trust. Add the printed setting to the user data of the nodes. It is made from the
trust document that the verifier uses: print it again when that changes.

The node knows statements only. An image that is exempt is refused like any other unsigned one, and so is one of a
registry that is not listed unless it has a trusted signature. There is no audit mode: try it on one node first.

For a running node, pass the output of --json to apiclient on it, in quotes:
  apiclient set --json '{"image-verifier-plugins":{...}}'

Inferred (bottlerocket-role), not confirmed: the node's role needs signer:GetRevocationStatus and read access to the ECR
repositories, and images that AWS itself adds to tasks are verified like any other if the node pulls them.`,
  examples: [
    "ecs-image-verification bottlerocket trust.yaml --account 111122223333 --region eu-west-1 >> user-data.toml",
    "ecs-image-verification bottlerocket Pulumi.prod.yaml --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    "ecs-image-verification bottlerocket trust.yaml --json",
  ],
  exitCodes: [
    "0 printed",
    "64 the call or the file cannot be used, or something in it is not known; nothing is printed",
  ],
};

/** `bottlerocket`: the trust document as a setting of Bottlerocket. */
export function bottlerocketCommand(): Command {
  const command = withTrustOptions(
    new Command("bottlerocket")
      .description("Print the setting that makes Bottlerocket nodes verify images.")
      .argument("<file>", TRUST_FILE),
  )
    .option("--json", "print JSON, for `apiclient set --json`, in place of TOML")
    .action(lazily(() => (require("./bottlerocket-action") as typeof import("./bottlerocket-action")).bottlerocket));
  return withHelp(command, HELP);
}
