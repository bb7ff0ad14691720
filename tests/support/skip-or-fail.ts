import { RequirementMissingError } from "../../build/go";

/**
 * Skips the tests for want of something that the machine lacks, and says what.
 *
 * @throws RequirementMissingError where everything must be there: with `CI=true`.
 */
export function skipOrFail(context: Mocha.Context, missing: string): void {
  if (process.env.CI === "true") throw new RequirementMissingError(missing);
  console.log(`  skipped: ${missing}`);
  context.skip();
}

/** Gives what `start` gives, or skips the tests if that needs something which the machine lacks. */
export async function orSkip<Started>(context: Mocha.Context, start: () => Promise<Started>): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof RequirementMissingError) skipOrFail(context, error.message);
    throw error;
  }
}
