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
import { type BaseAccess, verifyBase } from "./verify-base";

/** The options of `image build`. */
export interface ImageBuildOptions extends BuildSettingsOptions, BaseAccess {
  readonly repository?: string;
  readonly push?: true;
  readonly buildArg?: readonly BuildArgument[];
  readonly network?: string;
  readonly json?: true;
}

const NO_ARGUMENTS =
  "--build-arg is for an image that is built from its sources. On a base image there is nothing to compile: leave it out. Nothing was built.";

/** The name of an image that is not pushed. */
const LOCAL_NAME = "ecs-image-verification";

/** Builds the image, pushes it if requested, and prints its name. */
export async function build(options: ImageBuildOptions): Promise<void> {
  const { stack, project = DEFAULT_PROJECT, repository, push = false, network, json } = options;
  if (push && repository === undefined) throw new UsageError("--push needs --repository: where to push it.");
  const { settings, architecture, baseImages, base } = await settingsToBuild({ ...options, project });
  if (base !== undefined && options.buildArg !== undefined) throw new UsageError(NO_ARGUMENTS);
  if (push && repository !== undefined) {
    const problem = repositoryProblem(repository, settings.trust.region);
    if (problem !== undefined) throw new UsageError(`--repository ${repository} ${problem}`);
  }
  if (base !== undefined) await verifyBase(base, options);
  // Done before the build, which takes minutes.
  const credentials =
    push && repository !== undefined ? await credentialsFor(repository.slice(0, repository.indexOf("/"))) : undefined;
  const { buildArguments, onBaseArguments, imageTag, toPlatform, prepareVerifierSource, prepareOnBaseSource } =
    loadBuild();
  const source = await (base === undefined ? prepareVerifierSource : prepareOnBaseSource)(project);
  const platform = toPlatform(architecture);
  const args =
    base === undefined
      ? { ...buildArguments(settings, baseImages), ...Object.fromEntries(options.buildArg ?? []) }
      : onBaseArguments(settings, base.image);
  const tag = `${repository ?? LOCAL_NAME}:${imageTag(source.contentHash, args, platform)}`;
  await buildWithDocker({ context: join(project, source.context), platform, args, tag, network });
  const digest = push ? await pushWithDocker(tag, credentials) : undefined;
  const built = { stack, tag, platform, settings: hashSettings(settings), digest, base };
  process.stdout.write(`${json ? builtJson(built) : builtText(built)}\n`);
}

/** Loaded lazily: the bundler is needed only for a build. */
function loadBuild() {
  const { buildArguments, onBaseArguments, toPlatform } =
    require("../../components/image/verifier-build") as typeof import("../../components/image/verifier-build");
  const { imageTag, prepareVerifierSource, prepareOnBaseSource } =
    require("../../components/image/verifier-source") as typeof import("../../components/image/verifier-source");
  return { buildArguments, onBaseArguments, imageTag, toPlatform, prepareVerifierSource, prepareOnBaseSource };
}
