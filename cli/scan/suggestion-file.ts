import { access, writeFile } from "node:fs/promises";
import { UsageError } from "../lib/errors";
import type { ScanOptions } from "./scan-options";

type Overwriting = Pick<ScanOptions, "force">;

/**
 * Checks before the work that a suggestion would not overwrite a file.
 *
 * @throws {@link UsageError}
 */
export async function checkFree(file: string, { force }: Overwriting): Promise<void> {
  if (force) return;
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw occupied(file);
}

/**
 * Writes a suggestion; over a file that is there only if that is asked for.
 *
 * @throws {@link UsageError}
 */
export async function writeSuggestion(file: string, text: string, { force }: Overwriting): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw occupied(file);
    throw new UsageError(`--suggest ${file} cannot be written. ${error instanceof Error ? error.message : ""}`.trim());
  }
}

function occupied(file: string): UsageError {
  return new UsageError(`--suggest: ${file} is there already. Name another file, or add --force to overwrite it.`);
}
