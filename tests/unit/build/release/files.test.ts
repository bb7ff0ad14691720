import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { list } from "tar";
import { writeArchive } from "../../../../build/release/archive";
import { writeChecksums } from "../../../../build/release/checksums";

const DATE = new Date("2026-11-01T10:00:00Z");

describe("the files of a release", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "release-"));
    await writeFile(join(folder, "program"), "program\n", { mode: 0o700 });
    await writeFile(join(folder, "text"), "text\n", { mode: 0o600 });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const archive = async (name: string) => {
    const files = [
      { name: "bin/program", from: join(folder, "program"), isExecutable: true },
      { name: "text", from: join(folder, "text") },
    ];
    await writeArchive(join(folder, name), "root", files, DATE);
    return readFile(join(folder, name));
  };

  it("an archive has one folder, and neither the rights, the times nor the users of this machine", async () => {
    await archive("archive.tar.gz");

    const entries: unknown[] = [];
    await list({
      file: join(folder, "archive.tar.gz"),
      onReadEntry: ({ path, mode, uid, uname, mtime }) => {
        entries.push([path, mode, uid, uname, mtime?.toISOString()]);
      },
    });
    assert.deepEqual(entries, [
      ["root/bin/program", 0o755, undefined, "", DATE.toISOString()],
      ["root/text", 0o644, undefined, "", DATE.toISOString()],
    ]);
  });

  it("an archive of the same files has the same bytes", async () => {
    const first = await archive("first.tar.gz");
    await utimes(join(folder, "text"), 1, 1);

    assert.deepEqual(await archive("second.tar.gz"), first);
  });

  it("the checksums are read by sha256sum, and are of all files but their own", async () => {
    await writeChecksums(folder);
    await writeChecksums(folder);

    const said = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: folder, encoding: "utf8" });
    assert.equal(said, "program: OK\ntext: OK\n");
    assert.ok((await stat(join(folder, "SHA256SUMS"))).size > 0);
  });
});
