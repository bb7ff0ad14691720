import { Command, Option } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseAccount, parseRegion } from "../lib/option-values";

const HELP: Help = {
  notes: `Needs neither AWS nor Pulumi. For a stack's file (Pulumi.<stack>.yaml), the whole configuration is checked, as
pulumi up would do; values from Pulumi.yaml are not read, and encrypted ones are taken as given.

A file with a problem cannot be used. A warning may be intended: an exemption that ends soon, a registry
that no statement covers, an identity that is one version of a profile, a region that this version does not know.

--format github prints workflow commands of GitHub Actions, which show each finding beside its line in a pull request;
--format sarif one SARIF 2.1.0 log for code scanning. Both name files by their path from the current folder: call it at the root
of the repository. A file that cannot be read is in them and in --json, too, where its kind is null.`,
  examples: [
    "ecs-image-verification trust check trust.yaml",
    "ecs-image-verification trust check trust.yaml --account 111122223333 --region eu-west-1",
    "ecs-image-verification trust check Pulumi.dev.yaml Pulumi.prod.yaml --strict --json",
    "ecs-image-verification trust check Pulumi.prod.yaml --format github",
  ],
  exitCodes: [
    "0 no file has problems; with --strict, no warnings either",
    "1 any file has problems; with --strict, or warnings",
    "64 the call cannot be used, or a file cannot be read or is of another kind; the others were checked",
  ],
};

/** `trust check`: checks trust documents and stack files. */
export function trustCheckCommand(): Command {
  const command = new Command("check")
    .description("Check trust documents and stack files for mistakes.")
    .argument("<file...>", "trust documents (YAML or JSON) or stack files (Pulumi.<stack>.yaml); - is standard input")
    .option("--account <id>", "the AWS account that `self` stands for", parseAccount)
    .option("--region <name>", "the AWS region; a stack's file says its own (default: AWS_REGION)", parseRegion)
    .option("--strict", "let warnings count as problems")
    .addOption(
      new Option("--format <form>", "the form of the findings (default: text)")
        .choices(["text", "json", "github", "sarif"])
        .conflicts("json"),
    )
    .option("--json", "print one JSON document per line for each file; the same as --format json")
    .action(lazily(() => (require("./check-action") as typeof import("./check-action")).check));
  return withHelp(command, HELP);
}
