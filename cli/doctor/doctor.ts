import { Command, Option } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseRegion } from "../lib/option-values";
import { USES } from "../lib/use";

const HELP: Help = {
  notes: `Says of each thing whether it is ok, a warning or a problem, and what to do. The command line needs the verifier program and
AWS's Signer plugin; a deployment needs the Pulumi CLI, and Docker unless the stack's image was built elsewhere; both need
Node.js, credentials and a region that has AWS Signer.

It changes nothing, and works without a network and without credentials: every call to AWS ends within five seconds, and what
could not be asked is a warning. AWS is asked sts:GetCallerIdentity, signer:GetSigningPlatform and lambda:GetAccountSettings.

With --stack, the stack's file says the region and the accounts, whether Docker is needed, and how much of Lambda's quota is
reserved.`,
  examples: [
    "ecs-image-verification doctor",
    "ecs-image-verification doctor --for command-line --region eu-west-1",
    "ecs-image-verification doctor --for deployment --stack prod",
    "ecs-image-verification doctor --json | jq -r '.findings[] | select(.level == \"problem\").fix'",
  ],
  exitCodes: [
    "0 nothing prevents the use; there may be warnings",
    "1 a problem prevents it",
    "64 the call cannot be used, or the stack's file cannot be read",
  ],
};

/** `doctor`: what this machine and account lack. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Say what this machine and this AWS account lack, and what to do about it.")
    .addOption(new Option("--for <use>", "look only at what this use needs (default: both)").choices(USES))
    .option("--stack <name>", "also look at what this stack needs")
    .option(
      "--project <dir>",
      "folder with Pulumi.yaml and the stacks' files (default: the current one if it has Pulumi.yaml, or that of this program)",
    )
    .option("--region <name>", "the AWS region (default: that of the stack's file, or AWS_REGION)", parseRegion)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./doctor-action") as typeof import("./doctor-action")).doctor));
  return withHelp(command, HELP);
}
