import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { obstacles, readRevision } from "../../../../build/release/revision";

const CHANGELOG = "## [1.0.0] - 2026-11-01\n\nThe first.\n";

describe("what a release is made from", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "revision-"));
    const env = {
      ...process.env,
      GIT_AUTHOR_DATE: "2026-11-01T10:00:00Z",
      GIT_COMMITTER_DATE: "2026-11-02T10:00:00Z",
      GIT_CONFIG_GLOBAL: "/dev/null",
    };
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env });
    git("init", "--quiet");
    await writeFile(join(folder, "file"), "");
    await writeFile(join(folder, ".gitignore"), "/dist/\n");
    git("add", ".");
    git("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "commit", "--quiet", "-m", "First");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is a commit, with the time of it", async () => {
    const { commit, date, isDirty } = await readRevision(folder);

    assert.match(commit, /^[0-9a-f]{40}$/);
    assert.deepEqual([date.toISOString(), isDirty], ["2026-11-02T10:00:00.000Z", false]);
  });

  it("is dirty with a file that nobody has committed", async () => {
    await writeFile(join(folder, "new"), "");

    assert.equal((await readRevision(folder)).isDirty, true);
  });
});

describe("a release", () => {
  it("is made of a version that CHANGELOG.md has, from what is committed", () => {
    const repository = { url: "https://github.com/example/verification" };
    assert.deepEqual(obstacles({ name: "x", version: "1.0.0", repository }, { isDirty: false }, CHANGELOG), []);
  });

  it("is refused with every reason and what to do", () => {
    const manifest = { name: "x", version: "1.1.0" };

    const [changes = "", version = "", repository = "", ...others] = obstacles(manifest, { isDirty: true }, CHANGELOG);

    assert.match(changes, /not committed\. Commit them/);
    assert.match(version, /CHANGELOG\.md has no section "## \[1\.1\.0\] - DATE".* package\.json\.$/);
    assert.match(repository, /^package\.json does not name its repository/);
    assert.deepEqual(others, []);
  });
});
