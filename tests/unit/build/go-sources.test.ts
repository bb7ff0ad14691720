import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { goSources } from "../../../build/go";

describe("the sources of a Go module", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "go-sources-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function write(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), "");
    }
  }

  it("are those of all its packages, sorted", async () => {
    await write("main.go", "internal/registry/list.go", "internal/protocol/protocol.go", "go.mod", "go.sum");

    assert.deepEqual(await goSources(folder), [
      "go.mod",
      "go.sum",
      "internal/protocol/protocol.go",
      "internal/registry/list.go",
      "main.go",
    ]);
  });

  it("are not the tests, what only tests import, and whatever else stands there", async () => {
    await write("main.go", "main_test.go", "internal/registry/list_test.go", "internal/testsupport/registry.go");
    await write("notation", "README.md", "internal/registry/go.mod.orig");

    assert.deepEqual(await goSources(folder), ["main.go"]);
  });
});
