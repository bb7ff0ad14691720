import { Command, Option } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseAccount, parseRegion } from "../lib/option-values";
import { collect } from "../lib/repeatable";
import { USES } from "../lib/use";

const HELP: Help = {
  notes: `For a deployment it writes the stack's file (Pulumi.<stack>.yaml) with its trust document and policy-<stack>.json: into an
existing Pulumi project, or with Pulumi.yaml, package.json, tsconfig.json and index.ts as a new one. For the command line
alone it writes trust.yaml.

On a terminal it asks what no option says. Everything is checked as trust check does before anything is written, and nothing
is ever overwritten: package.json and tsconfig.json that are there are left alone, and any other file that is there is named.`,
  examples: [
    "ecs-image-verification init",
    "ecs-image-verification init --stack prod --region eu-west-1 --account 111122223333 --production --email platform@example.com",
    "ecs-image-verification init --for command-line --region eu-west-1 --account 111122223333 --identity arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    "ecs-image-verification init --stack dev --region eu-west-1 --dry-run",
  ],
  exitCodes: [
    "0 the files are written, or with --dry-run were shown",
    "2 a file could not be written",
    "64 the call cannot be used, or a file is there: nothing was written",
    "130 interrupted: nothing was written",
  ],
};

/** `init`: writes the files of a new environment. */
export function initCommand(): Command {
  const command = new Command("init")
    .description("Write the files of a new environment, or a trust document for the command line.")
    .addOption(new Option("--for <use>", "what it is for (default: deployment)").choices(USES))
    .option("--stack <name>", "name of the stack and its environment (default: dev)")
    .option("--region <name>", "the AWS region (default: AWS_REGION)", parseRegion)
    .option("--account <id>", "the AWS account; with credentials for another one nothing is changed", parseAccount)
    .addOption(
      new Option("--mode <mode>", "record what is found, or also stop denied tasks (default: audit)").choices([
        "audit",
        "enforce",
      ]),
    )
    .option(
      "--production",
      "keep the log for a year, and protect what cannot be made again (default: if the name begins with prod)",
    )
    .option(
      "--registry <host>",
      "a registry that images may come from; may be repeated (default: self)",
      collect("--registry"),
    )
    .option("--identity <arn>", "a signing profile to trust; may be repeated (default: self)", collect("--identity"))
    .option("--email <address>", "who is told of verdicts and alarms; may be repeated", collect("--email"))
    .option("--folder <dir>", "where to write (default: the current folder)")
    .option("--yes", "ask nothing, and take what is usual")
    .option("--dry-run", "show the files, and write nothing")
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./init-action") as typeof import("./init-action")).init));
  return withHelp(command, HELP);
}
