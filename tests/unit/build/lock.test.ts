import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { underLock } from "../../../build/lock";

describe("a lock between processes", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("lets one work at a time", async () => {
    const lock = join(folder, "lock");
    let working = 0;
    let most = 0;
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise(setImmediate);
      working -= 1;
    };

    await Promise.all([underLock(lock, work), underLock(lock, work), underLock(lock, work)]);

    assert.equal(most, 1);
    assert.ok(!existsSync(lock));
  });

  it("is given back by work that fails", async () => {
    const lock = join(folder, "lock");
    const failing = underLock(lock, async () => {
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);

    assert.equal(await underLock(lock, async () => "done"), "done");
  });

  it("is taken from a process that has ended without giving it back", async () => {
    const lock = join(folder, "lock");
    const ended = spawnSync(process.execPath, ["--version"]);
    await mkdir(lock);
    await writeFile(join(lock, "pid"), String(ended.pid));

    assert.equal(await underLock(lock, async () => "done"), "done");
  });

  it("is taken from one that ended before it wrote its number", async () => {
    const lock = join(folder, "lock");
    await mkdir(lock);
    const aWhileAgo = new Date(Date.now() - 60_000);
    await utimes(lock, aWhileAgo, aWhileAgo);

    assert.equal(await underLock(lock, async () => "done"), "done");
  });

  it("is not waited for once the work is not wanted any more", async () => {
    const lock = join(folder, "lock");
    const interrupted = AbortSignal.abort(new Error("interrupted"));

    await underLock(lock, async () => {
      await assert.rejects(
        underLock(lock, async () => "done", interrupted),
        /^Error: interrupted$/,
      );
    });
  });
});
