import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withJudgingOptions } from "../gate/judging-options";
import { isSameCluster, parseCluster } from "../launches/verdict-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseAccount, parseRegion } from "../lib/option-values";
import { collect } from "../lib/repeatable";
import { withFormOptions } from "../report/report-options";

/** `scan`: what runs now, judged or with its signers. */
export function scanCommand(): Command {
  const command = new Command("scan")
    .description("Judge the images that run now, or list who signed them.")
    .option(
      "--cluster <name>",
      "name or ARN of a cluster to scan; may be repeated",
      collect("--cluster", parseCluster, isSameCluster),
    )
    .option("--all-clusters", "scan every cluster")
    .option(
      "--region <name>",
      "an AWS region to scan; may be repeated (default: the environment's, else that of AWS's configuration)",
      collect("--region", parseRegion),
    );
  withJudgingOptions(withDeployedOptions(command))
    .option("--suggest <file>", "write a trust document that trusts what your own profiles have signed")
    .option(
      "--account <id>",
      "an account whose profiles --suggest may trust as well; may be repeated",
      collect("--account", parseAccount),
    )
    .option("--force", "overwrite the file of --suggest or --out")
    .option("--permissions", "print the IAM policy that this call needs, and do nothing else")
    .option("--json", "print one JSON document");
  withFormOptions(command).action(lazily(() => (require("./scan-action") as typeof import("./scan-action")).scan));
  return withHelp(command, {
    notes: `It reads, with your own credentials, and changes nothing; nothing has to be deployed. Each digest of a repository is
asked about once, with at most 10 calls of AWS Signer a second, so that launches are not slowed down.

With --trust, --stack or --outputs each image has a verdict, as the launch detector would give it; with the last two the
orders of the moment count. Without --trust, --stack takes the document of its file, and --outputs the deployed one.
--format makes the same report of it as the command report, without a history; --json is the form that this command has
always had, and has every place of an image.

Without them it says who signed what, and judges nothing: anyone who may push can add signatures, so only those count
that are intact, of this image, and made by AWS Signer. --suggest writes a trust document from it: exact repositories,
with the valid profiles of your own account and of --account. Read it before you use it. Profiles of other accounts are
in comments under UNKNOWN SIGNER, and what is unsigned as exemptions to fill in.

What could not be read is listed in the end, and never left out silently.`,
    examples: [
      "ecs-image-verification scan --all-clusters --region eu-west-1 --suggest trust.yaml",
      "ecs-image-verification scan --all-clusters --region eu-west-1 --region us-east-1 --trust trust.yaml",
      "ecs-image-verification scan --cluster shop --stack prod --json",
      "ecs-image-verification scan --all-clusters --trust trust.yaml --format html --out running.html",
    ],
    exitCodes: [
      "0 all that runs is trusted or exempt; without a trust document: all was read",
      "1 something that is denied runs",
      "2 nothing is denied, but something could not be found out; or a call failed",
      "64 the call, the outputs, the trust document or the trust store cannot be used, or there is no such cluster",
    ],
  });
}
