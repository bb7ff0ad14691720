import { join } from "node:path";

/** The one plugin that is ever run. */
export const SIGNER_PLUGIN_NAME = "com.amazonaws.signer.notation.plugin";

/** Where Notation keeps the AWS Signer plugin on this machine (notation-go, dir/path.go); undefined without a home. */
export function signerPluginPlace({
  NOTATION_LIBEXEC,
  NOTATION_CONFIG,
  XDG_CONFIG_HOME,
  HOME,
}: NodeJS.ProcessEnv): string | undefined {
  const folder =
    NOTATION_LIBEXEC ||
    NOTATION_CONFIG ||
    (XDG_CONFIG_HOME && join(XDG_CONFIG_HOME, "notation")) ||
    (HOME && join(HOME, ".config", "notation"));
  return folder ? join(folder, "plugins", SIGNER_PLUGIN_NAME, `notation-${SIGNER_PLUGIN_NAME}`) : undefined;
}
