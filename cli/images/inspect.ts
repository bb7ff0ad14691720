import { Command, InvalidArgumentError } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseRegion, parseSeconds } from "../lib/option-values";
import { withImageAccess } from "./image-access";

/** `inspect`: the signatures of an image and their contents. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("List the signatures of an image with signer, times and revocation status.")
    .argument("<image>", "registry/repository with a tag or a digest")
    .option("--trust-store <dir>", "root certificates to recognise instead of AWS Signer's")
    .option("--no-revocation", "do not ask AWS Signer; no plugin is needed");
  withImageAccess(command)
    .option("--region <name>", "where AWS Signer is asked (default: AWS_REGION, else the ECR registry's)", parseRegion)
    .option("--max-signatures <count>", "the maximum number of signatures to read", parseCount, 50)
    .option("--timeout <seconds>", "how long it may take", parseSeconds, 30)
    .option("--verbose", "print all that a signature has: job, attributes, certificate chain, signed artifact")
    .option("--json", "print one JSON document with all of it")
    .action(lazily(() => (require("./inspect-action") as typeof import("./inspect-action")).inspect));
  return withHelp(command, {
    notes: `This lists facts, not a verdict: no trust document is read. Anyone who may push to the repository can add signatures
and write anything into them. Rely on the contents of a signature only if it is intact and its chain ends in AWS Signer's
root, and remember that all customers of AWS sign under that root. \`verify\` gives the verdict.

Revocation is checked only for such signatures; it is unknown for all others, and if AWS Signer does not answer.

ECR is read with the usual AWS credentials, other registries with the login of --username, otherwise with that of
\`docker login\`, otherwise anonymously.`,
    examples: [
      "ecs-image-verification inspect 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest>",
      "ecs-image-verification inspect 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --verbose",
      "ecs-image-verification inspect registry.example.com/app:v1 --no-revocation --username ci < password.txt",
      "ecs-image-verification inspect 127.0.0.1:5000/app:v1 --plain-http --json",
    ],
    exitCodes: [
      "0 listed, also if there are none",
      "2 the registry could not be read, or not completely in time",
      "64 the call or the trust store cannot be used",
    ],
  });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
  }
  return count;
}
