import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sectionOf } from "./changelog";
import type { Manifest } from "./npm";

const run = promisify(execFile);

/** What a release is made from. */
export interface Revision {
  readonly commit: string;
  /** When it was committed: the only time in a release, so that it can be made again. */
  readonly date: Date;
  /** Whether there are changes, or files that are neither committed nor ignored. */
  readonly isDirty: boolean;
}

/** @throws Error if the folder is no checkout of git. */
export async function readRevision(checkout: string): Promise<Revision> {
  const git = async (...args: string[]) => (await run("git", args, { cwd: checkout })).stdout.trim();
  const [commit = "", seconds = ""] = (await git("log", "-1", "--format=%H %ct")).split(" ");
  return {
    commit,
    date: new Date(Number(seconds) * 1000),
    isDirty: (await git("status", "--porcelain")) !== "",
  };
}

/** Why a version cannot be released from here; empty if it can. */
export function obstacles(
  { version, repository }: Manifest,
  { isDirty }: Pick<Revision, "isDirty">,
  changelog: string,
): readonly string[] {
  const found: string[] = [];
  if (isDirty)
    found.push("The checkout has changes that are not committed. Commit them, or put them away (git stash).");
  if (sectionOf(changelog, version) === undefined) {
    found.push(
      `CHANGELOG.md has no section "## [${version}] - DATE" with a text. Write it from what is under "Unreleased", or correct the version in package.json.`,
    );
  }
  if (repository === undefined) {
    found.push("package.json does not name its repository (repository.url): npm refuses provenance without it.");
  }
  return found;
}
