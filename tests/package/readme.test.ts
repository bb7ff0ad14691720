import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { program } from "../engine/support/program";
import { BUILD_LIMIT_MS, requireCli } from "../engine/support/requirements";
import { type Scene, startScene } from "../engine/support/scene";
import { type Run, startNode } from "../support/running-command";
import { snippets } from "../support/snippets";
import type { InstalledPackage } from "./support/installed-package";
import { sharedPackage } from "./support/shared-package";

/** The most lines that a way in may take. */
const LINES = 10;

describe("README: three ways in", function () {
  this.timeout(BUILD_LIMIT_MS);
  const ways = snippets("README.md", "Three ways in");
  const [, asStack, asCommandLine] = ways;
  let installed: InstalledPackage;
  /** An empty folder in which `npm install ecs-image-verification` was run. */
  let folder: string;

  before(async function () {
    installed = await sharedPackage(this);
    folder = await mkdtemp(join(tmpdir(), "three-ways-"));
    await symlink(join(installed.project, "node_modules"), join(folder, "node_modules"));
    await cp(join(installed.project, "package.json"), join(folder, "package.json"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are a package, a stack and a command line, in ten lines each", () => {
    assert.deepEqual(
      ways.map(({ language }) => language),
      ["ts", "sh", "sh"],
    );
    for (const { code } of ways) {
      const lines = code.split("\n").filter((line) => line.trim() !== "");
      assert.ok(lines.length <= LINES, code);
    }
  });

  describe("as a stack", () => {
    let scene: Scene;

    before(async function () {
      await requireCli(this);
      await writeFile(join(folder, "Pulumi.yaml"), "");
      scene = await startScene({ ...program, project: folder });
      await rm(join(scene.project.folder, "Pulumi.yaml"));
    });
    after(() => scene?.close());

    it("makes an environment of its own from what init writes", async () => {
      const [install, ...commands] = asStack?.code.split("\n") ?? [];
      assert.equal(install, "npm install ecs-image-verification");
      // What it installs is there.
      const shown = commands.filter((line) => !line.startsWith("npm install "));
      assert.equal(shown.length, commands.length - 1);
      const { root, variables } = scene.engine;
      const path = [join(root, "bin"), variables.PATH].join(delimiter);
      const env = { ...variables, PATH: path, PULUMI_SKIP_CONFIRMATIONS: "true", NO_COLOR: "1" };

      const { code, stdout, stderr } = await inShell(shown.join("\n"), scene.project.folder, env);

      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /Pulumi\.dev\.yaml: no problems/);
      assert.match(stdout, /\+ \d+ created/);
      assert.match(stdout, /notation sign /);
    });
  });

  it("as a command line: a playground, until Ctrl-C", async () => {
    const [install, command, ...others] = asCommandLine?.code.trim().split("\n") ?? [];
    assert.deepEqual([install, others], ["npm install ecs-image-verification", []]);
    assert.equal(command, "npx ecs-image-verification playground");
    const bin = join(folder, "node_modules/.bin/ecs-image-verification");

    const running = startNode([bin, "playground"], { PATH: process.env.PATH, HOME: folder }, folder);
    await running.says("stdout", /It is there until Ctrl-C/);
    running.signal("SIGINT");
    const { code, stdout, stderr } = await running.ended;

    assert.equal(code, 0, stderr);
    assert.match(stdout, /web:1\.0 +signed by release +trusted signature-valid/);
  });
});

function inShell(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((done) => {
    execFile("bash", ["-euc", script], { cwd, env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
