import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformName, programSource } from "../../../build/program";

const VERIFIER = { name: "notation-verifier" };

describe("where a program comes from", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "programs-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is Go where there are no prebuilt programs: the checkout", () => {
    assert.deepEqual(programSource(VERIFIER, join(folder, "absent")), { kind: "go" });
  });

  it("is the prebuilt one for this machine", async () => {
    const platform = platformName(process.platform, process.arch);
    await mkdir(join(folder, platform));
    await writeFile(join(folder, platform, "notation-verifier"), "");

    assert.deepEqual(programSource(VERIFIER, folder), {
      kind: "prebuilt",
      executable: join(folder, platform, "notation-verifier"),
    });
  });

  it("is nowhere where the package has none for this machine: Go does not stand in, as the sources' toolchain may be missing", () => {
    assert.deepEqual(programSource(VERIFIER, folder), {
      kind: "none",
      platform: platformName(process.platform, process.arch),
    });
  });

  it("has platforms in Go's words", () => {
    assert.equal(platformName("linux", "x64"), "linux-amd64");
    assert.equal(platformName("darwin", "arm64"), "darwin-arm64");
  });
});
