import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailedError } from "../lib/errors";
import type { PlannedFile } from "./planned-file";

/**
 * Writes files into a folder, which is made. None is there already; one that another process makes meanwhile is not overwritten.
 *
 * @throws {@link CommandFailedError} that says what was written before.
 */
export async function writeFiles(folder: string, files: readonly PlannedFile[]): Promise<void> {
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const { path, text } of files) {
      await writeFile(join(folder, path), text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const before = written.length === 0 ? "Nothing was written." : `Written before: ${written.join(", ")}.`;
    throw new CommandFailedError(`${folder}: ${why}. ${before}`, { cause: error });
  }
}
