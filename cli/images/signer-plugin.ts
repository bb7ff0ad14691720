import * as search from "../../verifier/src/notation/signer-plugin";
import { UsageError } from "../lib/errors";

/**
 * The AWS Signer plugin on this machine: from `--plugin`, or the variable `SIGNER_PLUGIN`, or the folder where Notation keeps
 * its plugins.
 *
 * @throws {@link UsageError} if it does not exist or cannot be run.
 */
export function findSignerPlugin(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const found = given === undefined ? search.findSignerPlugin(env) : { plugin: given };
  if (found.plugin === undefined) {
    throw new UsageError(
      `The ${found.problem}. Install it with: ecs-image-verification plugin install. Or name its executable with --plugin FILE.`,
    );
  }
  const problem = search.pluginProblem(found.plugin);
  if (problem === undefined) return found.plugin;
  const place = given === undefined ? "SIGNER_PLUGIN" : "--plugin";
  throw new UsageError(
    `${place}: ${found.plugin} ${problem}. Name the executable of the AWS Signer plugin for Notation, which is called notation-${search.SIGNER_PLUGIN_NAME}.`,
  );
}
