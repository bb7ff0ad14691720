import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fault, FixableError } from "../trust/text/fixable-error";
import { type CommandOptions, runOrThrow } from "./command";

/** A clone has only committed files: with changes in the checkout it would be a different program. */
export class CheckoutUnusableError extends FixableError {
  override readonly name = "CheckoutUnusableError";

  get fault(): Fault {
    return "input";
  }
}

/**
 * The commit of a checkout that has no changes.
 *
 * @throws {@link CheckoutUnusableError}
 */
export async function cleanCommit(folder: string): Promise<string> {
  const git = async (...args: readonly string[]) => {
    try {
      return await runOrThrow(["git", ...args], { folder });
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      throw new CheckoutUnusableError(`${folder} must be a clone of the git repository. ${why}`);
    }
  };
  const commit = (await git("rev-parse", "HEAD")).trim();
  const changes = (await git("status", "--porcelain", "--untracked-files=no")).trimEnd();
  if (changes === "") return commit;
  throw new CheckoutUnusableError(
    `The checkout has changes, which a clone of it would not have:\n${changes}\nCommit them or put them aside (git stash), and run this again.`,
  );
}

/**
 * Clones a checkout, installs its packages and adds the file of one stack, as on a machine where nobody else may read the
 * files. The umask of this process stays as it is.
 */
export async function cloneCheckout(
  checkout: string,
  clone: string,
  stackFile: string,
  options: Pick<CommandOptions, "signal">,
): Promise<void> {
  await withUmask(PRIVATE, async () => {
    await runOrThrow(["git", "clone", "--quiet", checkout, clone], { ...options, folder: checkout });
    await copyFile(join(checkout, stackFile), join(clone, stackFile));
    await runOrThrow(["npm", "ci", "--no-audit", "--no-fund"], { ...options, folder: clone });
  });
}

/** No read access for others, as is usual in some companies. */
export const PRIVATE = 0o077;

/** Runs work with this umask, which also applies to the programs that it starts. */
export async function withUmask<T>(umask: number, work: () => Promise<T>): Promise<T> {
  const before = process.umask(umask);
  try {
    return await work();
  } finally {
    process.umask(before);
  }
}
