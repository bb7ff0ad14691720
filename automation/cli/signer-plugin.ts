import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./exit-code";

const NAME = "com.amazonaws.signer.notation.plugin";

/**
 * The AWS Signer plugin on this machine: what `SIGNER_PLUGIN` names, else where Notation keeps its plugins
 * (notation-go, dir/path.go).
 */
export function findSignerPlugin(environment: NodeJS.ProcessEnv): string {
  if (environment.SIGNER_PLUGIN) return environment.SIGNER_PLUGIN;
  const places = pluginFolders(environment).map((folder) => join(folder, "plugins", NAME, `notation-${NAME}`));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UsageError(
    `The AWS Signer plugin for Notation was not found${places.length > 0 ? ` at ${places.join(" or ")}` : ""}. Install it, or name its executable with --plugin FILE.`,
  );
}

function pluginFolders({ NOTATION_LIBEXEC, NOTATION_CONFIG, XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): string[] {
  if (NOTATION_LIBEXEC) return [NOTATION_LIBEXEC];
  if (NOTATION_CONFIG) return [NOTATION_CONFIG];
  if (XDG_CONFIG_HOME) return [join(XDG_CONFIG_HOME, "notation")];
  return HOME ? [join(HOME, ".config", "notation")] : [];
}
