import { join } from "node:path";
import { Command } from "commander";
import { hashSettings } from "../../verifier/src/settings-hash";
import { CHECKOUT } from "../environments/environments";
import { UsageError } from "../lib/errors";
import { withHelp } from "../lib/help";
import { parseAccount } from "../lib/option-values";
import { withProfileOptions } from "../trust/options";
import { type BuildArgument, collectBuildArgument } from "./build-argument";
import { builtJson, builtText } from "./build-output";
import { type BuildSettingsOptions, settingsToBuild } from "./build-settings";
import { buildWithDocker, pushWithDocker } from "./docker";
import { credentialsFor } from "./image-argument";
import { parseRepository, repositoryProblem } from "./repository-option";

interface Options extends BuildSettingsOptions {
  readonly repository?: string;
  readonly push?: true;
  readonly buildArg?: readonly BuildArgument[];
  readonly network?: string;
  readonly json?: true;
}

/** What an image is called that is not pushed anywhere. */
const LOCAL_NAME = "ecs-image-verification";

/** `image build`: the image that a stack would build, for `verifier.imageUri`. */
export function imageBuildCommand(): Command {
  const command = new Command("build")
    .description("Build the verifier's image from the settings of a stack, as `pulumi up` would.")
    .requiredOption("--stack <name>", "the environment: its Pulumi.<stack>.yaml says what is built")
    .option("--project <dir>", "folder with Pulumi.yaml and the stack's file (default: that of this program)")
    .option(
      "--repository <repository>",
      "where it is pushed: a repository of yours in ECR, in the stack's region",
      parseRepository,
    )
    .option("--push", "push it, and print its digest")
    .option("--outputs <file>", "the stack's outputs, as `outputs --stack NAME --json` prints them; needs no Pulumi")
    .option("--account <id>", "the AWS account of the stack (default: what its clusters or outputs say)", parseAccount);
  withProfileOptions(command)
    .option(
      "--build-arg <name=value>",
      "an argument of the Dockerfile that the stack does not decide, such as SIGNER_ROOTS for a mirror; may be repeated",
      collectBuildArgument,
    )
    .option("--network <mode>", "network of the build, as docker build takes it")
    .option("--json", "print one JSON document")
    .action(build);
  return withHelp(command, {
    notes: `Needs Docker with BuildKit, and for --push AWS credentials that may push to the repository. Docker gets the login in a
folder of its own, which is removed afterwards. The repository must be there, take a tag a second
time (MUTABLE), and let Lambda pull (docs/image.md). It is not the one that the stack has made: that one goes when
verifier.imageUri is set.

The settings come from the stack's file. The account, and the signing profile that \`self\` stands for, are asked of the
stack's outputs where the options and the file do not say them. A stack that makes its signing profile has none before its
first deployment: deploy it once with Docker, or make a profile yourself and set signingProfile.arn.`,
    examples: [
      "ecs-image-verification image build --stack dev",
      "ecs-image-verification image build --stack prod --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier --push",
      "ecs-image-verification image build --stack prod --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier --push --json --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    ],
    exitCodes: [
      "0 built, and pushed if asked for",
      "2 Docker, the registry or Pulumi failed",
      "64 the call or the stack's file cannot be used, or something about the stack is not known; nothing was built",
      "130 interrupted",
    ],
  });
}

async function build(options: Options): Promise<void> {
  const { stack, project = CHECKOUT, repository, push = false, network, json } = options;
  const { settings, architecture, baseImages } = await settingsToBuild({ ...options, project });
  if (push && repository === undefined) throw new UsageError("--push needs --repository: where to push it.");
  if (push && repository !== undefined) {
    const problem = repositoryProblem(repository, settings.trust.region);
    if (problem !== undefined) throw new UsageError(`--repository ${repository} ${problem}`);
  }
  // Asked for before minutes of building.
  const credentials =
    push && repository !== undefined
      ? await credentialsFor(repository.slice(0, repository.indexOf("/")), undefined)
      : undefined;
  const { buildArguments, imageTag, platformOf, prepareVerifierSource } = loadBuild();
  const source = await prepareVerifierSource(project);
  const platform = platformOf(architecture);
  const args = { ...buildArguments(settings, baseImages), ...Object.fromEntries(options.buildArg ?? []) };
  const tag = `${repository ?? LOCAL_NAME}:${imageTag(source.contentHash, args, platform)}`;
  await buildWithDocker({ context: join(project, source.context), platform, args, tag, network });
  const digest = push ? await pushWithDocker(tag, credentials) : undefined;
  const built = { stack, tag, platform, settings: hashSettings(settings), digest };
  process.stdout.write(`${json ? builtJson(built) : builtText(built)}\n`);
}

/** The bundler is only needed to build. */
function loadBuild() {
  const { buildArguments, platformOf } =
    require("../../components/verifier-build") as typeof import("../../components/verifier-build");
  const { imageTag, prepareVerifierSource } =
    require("../../components/verifier-source") as typeof import("../../components/verifier-source");
  return { buildArguments, imageTag, platformOf, prepareVerifierSource };
}
