import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** Creates a folder that is removed with `remove`, or when the process ends: on a signal, process.exit ends it. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "ecs-image-verification-"));
  const remove = () => {
    process.off("exit", remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", remove);
  return { path, remove };
}
