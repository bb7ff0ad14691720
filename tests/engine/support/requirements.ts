import { buildGo, pulumiCli } from "../../../build/go";
import { orSkip } from "../../support/skip-or-fail";

/** Building the Pulumi CLI takes minutes, once. */
export const BUILD_LIMIT_MS = 900_000;

/**
 * Builds the Pulumi CLI, or skips the tests and says why.
 *
 * @throws RequirementMissingError where everything must be there: with `CI=true`.
 */
export async function requireCli(context: Mocha.Context): Promise<void> {
  await orSkip(context, () => buildGo(pulumiCli));
}
