import * as search from "../../verifier/src/notation/signer-plugin";
import { UsageError } from "../lib/errors";

/**
 * The AWS Signer plugin on this machine: what `SIGNER_PLUGIN` names, else where Notation keeps its plugins.
 *
 * @throws {@link UsageError} if it is not there.
 */
export function findSignerPlugin(environment: NodeJS.ProcessEnv): string {
  const found = search.findSignerPlugin(environment);
  if (found.plugin !== undefined) return found.plugin;
  throw new UsageError(`The ${found.problem}. Install it, or name its executable with --plugin FILE.`);
}
