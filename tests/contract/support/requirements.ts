import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  buildGo,
  type GoProgram,
  isBuilt,
  localRegistry,
  notationCli,
  notationVerifier,
  RequirementMissingError,
  signerPlugin,
} from "../../../build/go";

const programs: readonly GoProgram[] = [notationVerifier, signerPlugin, localRegistry, notationCli];
const buildLimitMs = 15 * 60_000;

/** A root hook: all programs are built before the first test, so that no test waits for a compiler. */
before("build the programs under test", async function () {
  this.timeout(buildLimitMs);
  try {
    for (const program of programs) {
      if (await isBuilt(program)) continue;
      console.log(`  building ${program.name} (once; it is kept in the cache folder)`);
      await buildGo(program);
    }
  } catch (error) {
    if (error instanceof RequirementMissingError) return skipOrFail(this, error.message);
    throw error;
  }
});

/**
 * Skips the tests for want of something that the machine lacks, and says what.
 *
 * @throws Error where everything must be there: with `CI=true`.
 */
export function skipOrFail(context: Mocha.Context, missing: string): void {
  if (process.env.CI === "true") throw new RequirementMissingError(missing);
  console.log(`  skipped: ${missing}`);
  context.skip();
}

/** The path of an executable on PATH. */
export function findExecutable(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
