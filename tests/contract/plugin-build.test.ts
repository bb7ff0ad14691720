import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goVersion } from "../../build/go";
import { runProgram } from "../../cli/lib/run-program";
import { buildWithGo } from "../../cli/plugin/build-with-go";
import { orSkip } from "../support/skip-or-fail";

/**
 * `plugin install` builds a main package of a public module. AWS's module is not needed for the way it is built: the Notation
 * CLI stands in for it, and Go's module proxy and checksum database are the real ones.
 */
describe("building a plugin with Go", () => {
  let folder: string;

  before("look for Go", async function () {
    await orSkip(this, goVersion);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-build-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives an executable of the version that was asked for, whatever the settings of Go say on this machine", async () => {
    const before = { ...process.env };
    try {
      Object.assign(process.env, { GOFLAGS: "-mod=vendor", GOSUMDB: "off", GOPRIVATE: "*" });

      const built = await buildWithGo(
        { package: "github.com/notaryproject/notation/cmd/notation", version: "v1.3.2" },
        folder,
      );

      const outcome = await runProgram("go", { args: ["version", "-m", built] });
      assert.equal(outcome.kind, "ended");
      assert.match(outcome.stdout, /\tmod\tgithub\.com\/notaryproject\/notation\tv1\.3\.2\th1:/);
      assert.match(outcome.stdout, /\tbuild\tCGO_ENABLED=0/);
    } finally {
      process.env = before;
    }
  });

  it("fails for a version that there is none of, with Go's own words", async () => {
    await assert.rejects(
      buildWithGo({ package: "github.com/notaryproject/notation/cmd/notation", version: "v1.3.2-none" }, folder),
      { name: "CommandFailedError", message: /^go get github\.com\/notaryproject\S+@v1\.3\.2-none failed:\n {2}go: / },
    );

    assert.ok(!existsSync(join(folder, "built")));
    assert.deepEqual((await readdir(folder)).sort(), ["go.mod"]);
  });
});
