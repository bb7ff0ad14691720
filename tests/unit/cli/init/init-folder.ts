import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callHere } from "../call-here";

/** What a call needs, beside what it tests. */
export const PLACE = ["--region", "eu-west-1"];
export const PROFILE = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";
export const ACCOUNT = "111122223333";

/** An empty folder for each test, and `init` in it. */
export function useFolder() {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "init-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return {
    path: (...names: readonly string[]) => join(folder, ...names),
    /** `--yes`: the tests may run on a terminal. */
    init: (...words: readonly string[]) => callHere(folder, "init", "--yes", ...words),
    read: (name: string) => readFile(join(folder, name), "utf8"),
    names: async () => (await readdir(folder)).sort(),
  };
}
