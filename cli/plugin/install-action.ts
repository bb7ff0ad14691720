import { existsSync } from "node:fs";
import { pluginPlace, pluginProblem } from "../../verifier/src/notation/signer-plugin";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { CommandFailedError, UsageError } from "../lib/errors";
import { buildWithGo, GoMissingError } from "./build-with-go";
import { copyFromImage } from "./copy-from-image";
import { type Installed, installedText } from "./install-text";
import { askPlugin } from "./plugin-metadata";
import { putInPlace } from "./put-in-place";
import { AWS_INSTALLERS, isRelease, PLUGIN_RELEASE, PLUGIN_VERSION } from "./release";

/** The options of `plugin install`. */
export interface PluginInstallOptions {
  readonly fromImage?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Installs AWS's Signer plugin where Notation keeps its plugins, and says what was installed. */
export async function install({ fromImage, force, json }: PluginInstallOptions): Promise<void> {
  const place = pluginPlace(process.env);
  if (place === undefined) {
    throw new UsageError("There is no place for the plugin: HOME is not set. Set it, or NOTATION_LIBEXEC to a folder.");
  }
  const kept = force ? undefined : await versionThere(place);
  const installed: Installed =
    kept === undefined
      ? { plugin: place, ...(await make(place, fromImage)) }
      : { plugin: place, version: kept, from: "there already" };
  const { SIGNER_PLUGIN } = process.env;
  if (SIGNER_PLUGIN && SIGNER_PLUGIN !== place) {
    process.stderr.write(`SIGNER_PLUGIN names ${SIGNER_PLUGIN}, which is used instead: unset it to use this one.\n`);
  }
  process.stdout.write(`${json ? JSON.stringify(installed) : installedText(installed)}\n`);
}

/**
 * The version of the plugin that is there; undefined if there is none.
 *
 * @throws {@link UsageError} if it is of no use, or another version: whoever put it there should say that it may go.
 */
async function versionThere(place: string): Promise<string | undefined> {
  if (!existsSync(place)) return undefined;
  const problem = pluginProblem(place);
  const answer = problem === undefined ? await askPlugin(place) : { problem };
  if (answer.version !== undefined && isRelease(answer.version)) return answer.version;
  const what = answer.version === undefined ? answer.problem : `is version ${answer.version}, not ${PLUGIN_VERSION}`;
  throw new UsageError(`${place} is there already, and ${what}. Add --force to replace it.`);
}

async function make(place: string, image: string | undefined): Promise<Pick<Installed, "version" | "from">> {
  const folder = temporaryFolder();
  try {
    if (image !== undefined) {
      const copied = await copyFromImage(image, folder.path);
      return { version: await putInPlace(copied, place), from: "image" };
    }
    const built = await buildWithGo(PLUGIN_RELEASE, folder.path);
    return { version: await putInPlace(built, place), from: "go" };
  } catch (error) {
    if (error instanceof CommandFailedError) throw withOtherWays(error, image);
    throw error;
  } finally {
    folder.remove();
  }
}

/** There is more than one way. */
function withOtherWays(error: CommandFailedError, image: string | undefined): CommandFailedError {
  const goHelp =
    error instanceof GoMissingError ? "Install Go 1.26 or newer (https://go.dev/dl), and run this again." : "";
  const ways = [
    image === undefined ? goHelp : "Let Go build it: plugin install, without --from-image.",
    image === undefined
      ? "Copy the plugin out of a verifier image for this machine, with Docker: plugin install --from-image IMAGE."
      : "",
    `Use AWS's own installer, which puts it in the same place: ${AWS_INSTALLERS}`,
  ].filter((way) => way !== "");
  return new CommandFailedError([error.message, "Other ways:", ...ways.map((way) => `  ${way}`)].join("\n"), {
    cause: error,
  });
}
