import { Command } from "commander";
import { DEFAULT_PROJECT_TEXT } from "../environments/default-project";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseAccount } from "../lib/option-values";
import { repeatable } from "../lib/repeatable";
import { withProfileOptions } from "../trust/options";
import { collectBuildArgument } from "./build-argument";
import { parseBaseImage } from "./build-base";
import { withVerifierAccess } from "./image-access";
import { parseRepository } from "./repository-option";

/** `image build`: the image that a stack would build, for `verifier.imageUri`. */
export function imageBuildCommand(): Command {
  const command = new Command("build")
    .description("Build the verifier's image from the settings of a stack, as `pulumi up` would.")
    .requiredOption("--stack <name>", "the environment: its Pulumi.<stack>.yaml says what is built")
    .option("--project <dir>", `folder with Pulumi.yaml and the stack's file (${DEFAULT_PROJECT_TEXT})`)
    .option(
      "--repository <repository>",
      "where to push it: a repository of your own in ECR, in the stack's region",
      parseRepository,
    )
    .option("--push", "push it, and print its digest")
    .option("--outputs <file>", "the stack's outputs, as `outputs --stack NAME --json` prints them; needs no Pulumi")
    .option("--account <id>", "the AWS account of the stack (default: what its clusters or outputs say)", parseAccount);
  withProfileOptions(command)
    .option(
      "--build-arg <name=value>",
      "an argument of the Dockerfile that the stack does not set, such as SIGNER_ROOTS for a mirror; may be repeated",
      repeatable(collectBuildArgument),
    )
    .option("--network <mode>", "network of the build, as docker build takes it")
    .option(
      "--base-image <image>",
      "put the settings on this image, REPOSITORY@sha256:...; for a stack without verifier.baseImage",
      parseBaseImage,
    )
    .option("--trust-store <dir>", "root certificates to trust for a base image instead of AWS Signer's");
  withVerifierAccess(command)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./image-build-action") as typeof import("./image-build-action")).build));
  return withHelp(command, {
    notes: `Needs Docker with BuildKit, and for --push AWS credentials that may push to the repository. Docker gets the login in a
temporary folder, which is removed afterwards. The repository must exist, allow a tag to be pushed again (MUTABLE), and
let Lambda pull (docs/image.md). Do not use the one that the stack created: it is removed when verifier.imageUri is set.

The settings come from the stack's file. The account, and the signing profile that \`self\` stands for, are read from
the stack's outputs if neither the options nor the file say them. A stack that creates its signing profile has none before
its first deployment: deploy it once with Docker, or create a profile yourself and set signingProfile.arn.

With a base image, of the stack's file or of --base-image, nothing is compiled. Where the file has verifier.baseImageTrust, the
base image is verified first, as \`verify\` does, and nothing is built unless it is trusted. The options --trust-store, --plugin,
--signer-endpoint and --plain-http are for that verification.`,
    examples: [
      "ecs-image-verification image build --stack dev",
      "ecs-image-verification image build --stack prod --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier --push",
      "ecs-image-verification image build --stack prod --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier --push --json --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    ],
    exitCodes: [
      "0 built, and pushed if asked for",
      "1 the base image is denied; nothing was built",
      "2 the base image could not be verified; or Docker, the registry or Pulumi failed",
      "64 the call or the stack's file cannot be used, or something about the stack is not known; nothing was built",
      "130 interrupted",
    ],
  });
}
