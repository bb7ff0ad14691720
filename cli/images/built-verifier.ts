import { notationVerifier, RequirementMissingError } from "../../build/go";
import { isThere, locateProgram } from "../../build/program";
import { CommandFailedError } from "../lib/errors";

/**
 * The program that verifies, signs and inspects. In the checkout it is built if it does not exist.
 *
 * @throws {@link CommandFailedError} if the package has none for this machine, or Go is not installed.
 */
export async function builtVerifier(): Promise<string> {
  try {
    if (!(await isThere(notationVerifier))) {
      process.stderr.write("Building the verifier, once: this takes up to a minute.\n");
    }
    return await locateProgram(notationVerifier);
  } catch (error) {
    if (error instanceof RequirementMissingError) throw new CommandFailedError(error.message, { cause: error });
    throw error;
  }
}
