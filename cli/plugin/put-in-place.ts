import { chmod, copyFile, mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandFailedError } from "../lib/errors";
import { askPlugin } from "./plugin-metadata";

/**
 * Puts a plugin in its place and gives its version. It is written beside its place, asked who it is once it is complete, and
 * then moved in one step: another process may be starting the one that is there.
 *
 * @throws {@link CommandFailedError} if it is not the plugin; nothing is changed then.
 */
export async function putInPlace(made: string, place: string): Promise<string> {
  const unfinished = `${place}.${process.pid}`;
  try {
    await mkdir(dirname(place), { recursive: true });
    await copyFile(made, unfinished);
    await chmod(unfinished, 0o755);
    const answer = await askPlugin(unfinished);
    if (answer.version === undefined) {
      throw new CommandFailedError(
        `What was made is not AWS's Signer plugin: it ${answer.problem}. Nothing was installed.`,
      );
    }
    await rename(unfinished, place);
    return answer.version;
  } catch (error) {
    if (error instanceof CommandFailedError || !(error instanceof Error && "code" in error)) throw error;
    throw new CommandFailedError(`${place} cannot be written. ${error.message}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
  }
}
