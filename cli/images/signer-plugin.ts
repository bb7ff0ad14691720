import { existsSync } from "node:fs";
import { signerPluginPlace } from "../../verifier/src/notation/signer-plugin";
import { UsageError } from "../lib/errors";

/**
 * The AWS Signer plugin on this machine: what `SIGNER_PLUGIN` names, else where Notation keeps its plugins.
 *
 * @throws {@link UsageError} if it is not there.
 */
export function findSignerPlugin(environment: NodeJS.ProcessEnv): string {
  if (environment.SIGNER_PLUGIN) return environment.SIGNER_PLUGIN;
  const place = signerPluginPlace(environment);
  if (place !== undefined && existsSync(place)) return place;
  throw new UsageError(
    `The AWS Signer plugin for Notation was not found${place === undefined ? "" : ` at ${place}`}. Install it, or name its executable with --plugin FILE.`,
  );
}
