import { access, writeFile } from "node:fs/promises";
import { UsageError } from "./errors";

/** How a file is written that an option names. */
export interface NewFile {
  readonly option: string;
  readonly file: string;
  /** Whether a file that is there is overwritten. */
  readonly force: boolean;
}

/**
 * Checks before the work that a result would not overwrite a file.
 *
 * @throws {@link UsageError}
 */
export async function checkFree(target: NewFile): Promise<void> {
  if (target.force) return;
  const isThere = await access(target.file).then(
    () => true,
    () => false,
  );
  if (isThere) throw occupied(target);
}

/**
 * Writes a file; over one that is there only if that is asked for.
 *
 * @throws {@link UsageError}
 */
export async function writeNewFile(target: NewFile, text: string): Promise<void> {
  const { option, file, force } = target;
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw occupied(target);
    throw new UsageError(`${option} ${file} cannot be written. ${error instanceof Error ? error.message : ""}`.trim());
  }
}

function occupied({ option, file }: NewFile): UsageError {
  return new UsageError(`${option}: ${file} is there already. Name another file, or add --force to overwrite it.`);
}
