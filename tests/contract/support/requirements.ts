import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  buildGo,
  distribution,
  type GoProgram,
  isBuilt,
  localRegistry,
  notationCli,
  notationVerifier,
  signerPlugin,
} from "../../../build/go";
import { orSkip } from "../../support/skip-or-fail";

export { skipOrFail } from "../../support/skip-or-fail";

const programs: readonly GoProgram[] = [notationVerifier, signerPlugin, localRegistry, notationCli, distribution];
const buildLimitMs = 15 * 60_000;

/** A root hook: all programs are built before the first test, so that no test waits for a compiler. */
before("build the programs under test", async function () {
  this.timeout(buildLimitMs);
  await orSkip(this, async () => {
    for (const program of programs) {
      if (await isBuilt(program)) continue;
      console.log(`  building ${program.name} (once; it is kept in the cache folder)`);
      await buildGo(program);
    }
  });
});

/** The path of an executable on PATH. */
export function findExecutable(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
