import { buildGo, isBuilt, notationVerifier, RequirementMissingError } from "../../build/go";
import { CommandFailedError } from "../lib/errors";

/**
 * The program that verifies, signs and inspects. It is built if it does not exist.
 *
 * @throws {@link CommandFailedError} if Go is not installed.
 */
export async function builtVerifier(): Promise<string> {
  try {
    if (!(await isBuilt(notationVerifier))) {
      process.stderr.write("Building the verifier, once: this takes up to a minute.\n");
    }
    return await buildGo(notationVerifier);
  } catch (error) {
    if (error instanceof RequirementMissingError) throw new CommandFailedError(error.message, { cause: error });
    throw error;
  }
}
