import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";
import { askPlugin } from "./plugin-metadata";
import { isRelease, PLUGIN_VERSION } from "./release";

/**
 * Puts a plugin in its place and gives its version. It is asked who it is where it was made, which is a temporary folder:
 * whenever this is ended, nothing unknown is left among Notation's plugins.
 *
 * @throws {@link CommandFailedError} if it is not the plugin of the pinned release; nothing is changed then.
 */
export async function putInPlace(made: string, place: string): Promise<string> {
  chmodSync(made, 0o755);
  const answer = await askPlugin(made);
  if (answer.version === undefined) {
    throw new CommandFailedError(
      `What was made is not AWS's Signer plugin: it ${answer.problem}. Nothing was installed.`,
    );
  }
  if (!isRelease(answer.version)) {
    throw new CommandFailedError(
      `What was made is the plugin ${printable(answer.version)}, and ${PLUGIN_VERSION} is wanted. Nothing was installed.`,
    );
  }
  move(made, place);
  return answer.version;
}

/**
 * It is written beside its place and renamed: the place may be on another disk, and another process may be starting the one
 * that is there. No signal is handled in between, so that none leaves the copy.
 */
function move(made: string, place: string): void {
  const unfinished = `${place}.${process.pid}`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(made, unfinished);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new CommandFailedError(`${place} cannot be written. ${error instanceof Error ? error.message : ""}`.trim(), {
      cause: error,
    });
  }
}
