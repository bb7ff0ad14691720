import { buildGo, pulumiCli, RequirementMissingError } from "../../../build/go";

/** Building the Pulumi CLI takes minutes, once. */
export const BUILD_LIMIT_MS = 900_000;

/**
 * Builds the Pulumi CLI, or skips the tests and says why.
 *
 * @throws RequirementMissingError where everything must be there: with `CI=true`.
 */
export async function requireCli(context: Mocha.Context): Promise<void> {
  try {
    await buildGo(pulumiCli);
  } catch (error) {
    if (!(error instanceof RequirementMissingError) || process.env.CI === "true") throw error;
    console.log(`  skipped: ${error.message}`);
    context.skip();
  }
}
