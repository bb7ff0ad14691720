import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageFiles } from "../../../../components/image/staging";

const FILES = new Map([
  ["Dockerfile", Buffer.from("FROM scratch")],
  ["notation/main.go", Buffer.from("package main")],
]);

describe("staging files under a project", () => {
  let project: string;

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "project-"));
  });

  afterEach(async () => {
    await rm(project, { recursive: true, force: true });
  });

  const inProject = (path: string) => join(project, path);
  const modeOf = async (path: string) => ((await stat(inProject(path))).mode & 0o777).toString(8);

  it("gives a relative folder that version control ignores", async () => {
    const folder = await stageFiles(project, "context-1", FILES);

    assert.equal(folder, ".ecs-image-verification/context-1");
    assert.equal(await readFile(inProject(`${folder}/notation/main.go`), "utf8"), "package main");
    assert.equal(await readFile(inProject(".ecs-image-verification/.gitignore"), "utf8"), "*\n");
    assert.deepEqual((await readdir(inProject(".ecs-image-verification"))).sort(), [".gitignore", "context-1"]);
  });

  it("gives files the same modes whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      await stageFiles(project, "context-1", FILES);
    } finally {
      process.umask(before);
    }

    const folder = ".ecs-image-verification/context-1";
    assert.deepEqual(
      await Promise.all(["", "/notation", "/Dockerfile", "/notation/main.go"].map((path) => modeOf(folder + path))),
      ["755", "755", "644", "644"],
    );
  });

  it("leaves alone what is there", async () => {
    const folder = inProject(await stageFiles(project, "context-1", FILES));
    const { ino } = await stat(folder);

    await stageFiles(project, "context-1", FILES);

    assert.equal((await stat(folder)).ino, ino);
  });

  for (const [what, spoil] of [
    ["a changed file", (folder: string) => writeFile(join(folder, "Dockerfile"), "FROM other")],
    ["a file too many", (folder: string) => writeFile(join(folder, "other"), "")],
    ["another mode", (folder: string) => chmod(join(folder, "Dockerfile"), 0o600)],
    ["a file too few", (folder: string) => rm(join(folder, "Dockerfile"))],
  ] as const) {
    it(`does not trust a folder with ${what}`, async () => {
      const folder = inProject(await stageFiles(project, "context-1", FILES));
      await spoil(folder);

      await stageFiles(project, "context-1", FILES);

      assert.deepEqual((await readdir(folder)).sort(), ["Dockerfile", "notation"]);
      assert.equal(await readFile(join(folder, "Dockerfile"), "utf8"), "FROM scratch");
      assert.equal(await modeOf(".ecs-image-verification/context-1/Dockerfile"), "644");
    });
  }

  it("lets stacks side by side stage the same, and different things", async () => {
    const other = new Map([["Dockerfile", Buffer.from("FROM other")]]);

    const folders = await Promise.all([
      ...Array.from({ length: 8 }, () => stageFiles(project, "context-1", FILES)),
      stageFiles(project, "context-2", other),
    ]);

    assert.deepEqual([...new Set(folders)].sort(), [
      ".ecs-image-verification/context-1",
      ".ecs-image-verification/context-2",
    ]);
    assert.equal(await readFile(inProject(".ecs-image-verification/context-2/Dockerfile"), "utf8"), "FROM other");
    assert.deepEqual((await readdir(inProject(".ecs-image-verification"))).sort(), [
      ".gitignore",
      "context-1",
      "context-2",
    ]);
  });
});
