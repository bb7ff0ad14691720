import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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

describe("engine: a machine without Go and without the Signer plugin", function () {
  this.timeout(120_000);
  const environment: Record<string, string> = {};

  before(async () => {
    environment.PATH = await mkdtemp(join(tmpdir(), "path-"));
    // That it is there is all that is asked before a deployment.
    await writeFile(join(environment.PATH, "docker"), "#!/bin/sh\n", { mode: 0o755 });
  });

  after(() => rm(environment.PATH ?? "", { recursive: true, force: true }));

  const scene = useScene({ ...program, environment });

  it("up: Docker is enough to sign the sample, whatever the verifier's image is for", async () => {
    for (const architecture of ["arm64", "x86_64"]) {
      await scene().project.configure("dev", (before) => ({
        ...before,
        "ecs-image-verification:verifier": { architecture },
      }));

      const run = await scene().run("up", "dev");

      assert.deepEqual([run.code, run.errors], [0, []]);
    }
  });
});
