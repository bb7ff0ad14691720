import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Makes a folder that is removed with `remove`, or at the end of the process: a signal ends it by process.exit. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "ecs-image-verification-"));
  const remove = () => {
    process.off("exit", remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", remove);
  return { path, remove };
}
