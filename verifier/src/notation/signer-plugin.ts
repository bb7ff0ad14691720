import { accessSync, constants, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** The only plugin that is ever run. */
export const SIGNER_PLUGIN_NAME = "com.amazonaws.signer.notation.plugin";

/** The plugin's executable, or the problem: words that continue a sentence after "The". */
export type SignerPluginSearch =
  | { readonly plugin: string }
  | { readonly plugin?: undefined; readonly problem: string };

/**
 * Finds the AWS Signer plugin on this machine: the file that the variable SIGNER_PLUGIN names, which is not checked;
 * otherwise the file where Notation keeps its plugins.
 */
export function findSignerPlugin(env: NodeJS.ProcessEnv): SignerPluginSearch {
  if (env.SIGNER_PLUGIN) return { plugin: env.SIGNER_PLUGIN };
  const place = pluginPlace(env);
  const wanted = "AWS Signer plugin for Notation";
  if (place === undefined) return { problem: `${wanted} was not found` };
  const problem = pluginProblem(place);
  if (problem === undefined) return { plugin: place };
  return { problem: problem === ABSENT ? `${wanted} was not found at ${place}` : `${wanted} at ${place} ${problem}` };
}

const ABSENT = "is not there";

/** Why a file cannot be run as the plugin: words that continue a sentence after its path. */
export function pluginProblem(file: string): string | undefined {
  const found = lookAt(file);
  if (found === undefined) return ABSENT;
  if (typeof found === "string") return `cannot be looked at (${found})`;
  if (!found.isFile()) return "is a folder, not an executable file";
  return isExecutable(file) ? undefined : "is not executable";
}

/** What a path leads to: undefined if nothing is there, or why that cannot be told, such as a folder that may not be read. */
function lookAt(file: string): Stats | string | undefined {
  try {
    return statSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Of two kinds: nothing there, and a file where a folder on the way is expected.
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : (code ?? message);
  }
}

/**
 * Where Notation keeps the plugin (notation-go, dir/path.go, with Go's os.UserConfigDir); undefined without a home folder.
 *
 * @param platform That of this machine, unless a test says otherwise.
 */
export function pluginPlace(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string | undefined {
  const { NOTATION_LIBEXEC, NOTATION_CONFIG } = env;
  const folder = NOTATION_LIBEXEC || NOTATION_CONFIG || userFolder(env, platform);
  return folder ? join(folder, "plugins", SIGNER_PLUGIN_NAME, `notation-${SIGNER_PLUGIN_NAME}`) : undefined;
}

/** Notation's folder of this user. On macOS XDG_CONFIG_HOME does not count. */
function userFolder({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  if (platform === "darwin") return HOME && join(HOME, "Library", "Application Support", "notation");
  return (XDG_CONFIG_HOME && join(XDG_CONFIG_HOME, "notation")) || (HOME && join(HOME, ".config", "notation"));
}

/** Whether this process may execute a file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
