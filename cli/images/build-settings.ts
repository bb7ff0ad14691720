import { EnvironmentError } from "../../automation/environments/errors";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { checkProject } from "../../automation/environments/project";
import { stackName } from "../../automation/environments/settings";
import { readBaseTrust } from "../../components/image/base-trust";
import type { Architecture, BaseImages } from "../../components/image/verifier-build";
import { toBehaviour } from "../../configuration/behaviour";
import type { Configuration } from "../../configuration/read";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { self } from "../../trust/registry-entry";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Settings } from "../../verifier/src/baked-settings";
import { deployedEnvironment } from "../environments/deployed";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import { readTrustFile, type TrustFile } from "../trust/file";
import type { TrustOptions } from "../trust/options";
import { type PlacedTrust, placeTrust, whollyKnown } from "../trust/resolve";
import { accountOfStack, parseStackFile } from "../trust/stack-file";

/** Selects the stack and supplies the values that its file does not contain. */
export interface BuildSettingsOptions extends Omit<TrustOptions, "region"> {
  readonly stack: string;
  readonly project?: string;
  /** File with the stack's outputs. */
  readonly outputs?: string;
  /** The base image of a stack whose file names none. */
  readonly baseImage?: string;
}

/** What an image is built from. */
export interface BuildSettings {
  readonly settings: Settings;
  readonly architecture: Architecture;
  readonly baseImages: BaseImages;
  readonly base?: BuildBase;
}

/** The base image that the settings are put on. */
export interface BuildBase {
  /** `REPOSITORY@sha256:...` */
  readonly image: string;
  /** Whom it must be signed by. */
  readonly trust?: ResolvedTrustDocument;
  /** Whether the stack's file names it. */
  readonly isConfigured: boolean;
}

type Ask = (file: TrustFile) => Promise<Pick<EnvironmentOutputs, "account" | "signingProfileArn">>;

/**
 * The settings from a stack's file, as the Pulumi program would read them.
 *
 * @param ask Returns the stack's outputs; called only if a needed value is not known otherwise.
 * @throws {@link UsageError} if a value is not known, with how to supply it; `ConfigurationInvalid` if there is no such stack;
 * errors of the trust file.
 */
export async function settingsToBuild(
  options: BuildSettingsOptions & { readonly project: string },
  ask: Ask = (file) => readOutputs(options, file),
): Promise<BuildSettings> {
  const file = await readTrustFile(await checkProject({ stack: options.stack, folder: options.project }));
  const placed = await placeStack(file, options, ask);
  const { configuration } = placed;
  if (configuration === undefined) throw new UsageError(`${file.file} is not a stack's file.`);
  const { architecture, goImage, nodeImage } = configuration.verifier;
  return {
    settings: { ...toBehaviour(configuration), trust: whollyKnown(placed) },
    architecture,
    baseImages: { go: goImage, node: nodeImage },
    ...withoutUndefined({ base: findBase(configuration.verifier, options.baseImage, file.file) }),
  };
}

/** @throws {@link UsageError} if the option does not fit the stack's file. */
function findBase(
  { baseImage, baseImageTrust, goImage, nodeImage }: Configuration["verifier"],
  given: string | undefined,
  file: string,
): BuildBase | undefined {
  if (given !== undefined && baseImage !== undefined) {
    throw new UsageError(
      `--base-image: ${file} has verifier.baseImage, which is used. Leave the option out. ${NOTHING}`,
    );
  }
  if (given !== undefined && (goImage !== undefined || nodeImage !== undefined)) {
    throw new UsageError(
      `--base-image: ${file} has ${goImage === undefined ? "verifier.nodeImage" : "verifier.goImage"}, which is for an image that is built from its sources. Remove it there, or leave the option out. ${NOTHING}`,
    );
  }
  const image = given ?? baseImage;
  if (image === undefined) return undefined;
  const trust = baseImageTrust === undefined ? undefined : readBaseTrust(baseImageTrust).resolved;
  return { image, isConfigured: given === undefined, ...withoutUndefined({ trust }) };
}

const NOTHING = "Nothing was built.";

async function placeStack(file: TrustFile, options: BuildSettingsOptions, ask: Ask): Promise<PlacedTrust> {
  const account =
    options.account ?? accountIn(file) ?? (await askFor("the account", "--account ID", () => ask(file))).account;
  const placed = placeTrust(file, { ...options, account });
  if (![...placed.unknown.values()].includes(self)) return placed;
  const { signingProfileArn } = await askFor("the signing profile", "--signing-profile ARN", () => ask(file));
  return placeTrust(file, { ...options, account, signingProfile: signingProfileArn });
}

function accountIn(file: TrustFile): string | undefined {
  if (file.kind !== "stack") return undefined;
  return accountOfStack(parseStackFile(file.stack, file.value));
}

async function askFor(what: string, option: string, ask: () => ReturnType<Ask>) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new UsageError(
      [
        `The stack's file does not say ${what} of ${error.environment}, and its outputs cannot be read. ${error.message}`,
        `Or give it with ${option}. Nothing was built.`,
        "A stack that creates its signing profile has none before its first deployment: deploy it once on a machine with",
        "Docker, or create a profile yourself and set signingProfile.arn (docs/image.md).",
      ].join("\n"),
    );
  }
}

async function readOutputs({ stack, project, outputs: from }: BuildSettingsOptions, file: TrustFile): ReturnType<Ask> {
  if (from === undefined) return deployedEnvironment({ stack, ...withoutUndefined({ project }) });
  const outputs = await deployedEnvironment({ outputs: from });
  const { source } = parseStackFile(stackName({ stack }), file.value);
  const own = source.values.environment ?? source.stack;
  if (outputs.environment === own) return outputs;
  throw new UsageError(
    `--outputs ${from} is of the environment ${printable(outputs.environment)}, and ${file.file} of ${printable(own)}. Save the outputs of ${stack}. Nothing was built.`,
  );
}
