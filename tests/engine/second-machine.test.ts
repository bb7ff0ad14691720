import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cloneOf } from "./support/clone";
import { program } from "./support/program";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const CHECKOUT = resolve(__dirname, "../..");

describe("engine: a second machine", function () {
  this.timeout(120_000);
  const scene = useScene(program);
  let machines: string;

  before(async () => {
    machines = await mkdtemp(join(tmpdir(), "machines-"));
  });

  after(() => rm(machines, { recursive: true, force: true }));

  async function upWithUmask(umask: number, folder: string) {
    const before = process.umask(umask);
    try {
      return await scene().engine.run("up", "dev", folder);
    } finally {
      process.umask(before);
    }
  }

  it("up from a clone elsewhere, where nobody else may read the files: nothing changes", async () => {
    const [here, elsewhere] = [join(machines, "one"), join(machines, "another/folder/two")];
    await cloneOf(CHECKOUT, here, 0o022);
    assert.equal((await scene().engine.pulumi(["stack", "init", "dev"], here)).code, 0);
    const first = await upWithUmask(0o022, here);
    assert.deepEqual([first.code, first.errors], [0, []]);
    await cloneOf(here, elsewhere, 0o077);

    const second = await upWithUmask(0o077, elsewhere);

    assert.deepEqual([second.code, second.errors, stepsOf(second.steps)], [0, [], []]);
    assert.deepEqual(Object.keys(second.summary), ["same"]);
  });
});
