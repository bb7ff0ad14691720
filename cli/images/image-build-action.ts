import { join } from "node:path";
import { hashSettings } from "../../verifier/src/settings-hash";
import { DEFAULT_PROJECT } from "../environments/default-project";
import { UsageError } from "../lib/errors";
import type { BuildArgument } from "./build-argument";
import { builtJson, builtText } from "./build-output";
import { type BuildSettingsOptions, settingsToBuild } from "./build-settings";
import { buildWithDocker, pushWithDocker } from "./docker";
import { credentialsFor } from "./image-credentials";
import { repositoryProblem } from "./repository-option";

/** The options of `image build`. */
export interface ImageBuildOptions extends BuildSettingsOptions {
  readonly repository?: string;
  readonly push?: true;
  readonly buildArg?: readonly BuildArgument[];
  readonly network?: string;
  readonly json?: true;
}

/** The name of an image that is not pushed. */
const LOCAL_NAME = "ecs-image-verification";

/** Builds the image, pushes it if requested, and prints its name. */
export async function build(options: ImageBuildOptions): Promise<void> {
  const { stack, project = DEFAULT_PROJECT, repository, push = false, network, json } = options;
  if (push && repository === undefined) throw new UsageError("--push needs --repository: where to push it.");
  const { settings, architecture, baseImages } = await settingsToBuild({ ...options, project });
  if (push && repository !== undefined) {
    const problem = repositoryProblem(repository, settings.trust.region);
    if (problem !== undefined) throw new UsageError(`--repository ${repository} ${problem}`);
  }
  // Done before the build, which takes minutes.
  const credentials =
    push && repository !== undefined ? await credentialsFor(repository.slice(0, repository.indexOf("/"))) : undefined;
  const { buildArguments, imageTag, toPlatform, prepareVerifierSource } = loadBuild();
  const source = await prepareVerifierSource(project);
  const platform = toPlatform(architecture);
  const args = { ...buildArguments(settings, baseImages), ...Object.fromEntries(options.buildArg ?? []) };
  const tag = `${repository ?? LOCAL_NAME}:${imageTag(source.contentHash, args, platform)}`;
  await buildWithDocker({ context: join(project, source.context), platform, args, tag, network });
  const digest = push ? await pushWithDocker(tag, credentials) : undefined;
  const built = { stack, tag, platform, settings: hashSettings(settings), digest };
  process.stdout.write(`${json ? builtJson(built) : builtText(built)}\n`);
}

/** Loaded lazily: the bundler is needed only for a build. */
function loadBuild() {
  const { buildArguments, toPlatform } =
    require("../../components/image/verifier-build") as typeof import("../../components/image/verifier-build");
  const { imageTag, prepareVerifierSource } =
    require("../../components/image/verifier-source") as typeof import("../../components/image/verifier-source");
  return { buildArguments, imageTag, toPlatform, prepareVerifierSource };
}
