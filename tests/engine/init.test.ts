import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startCommand } from "../support/running-command";
import { judgedBy, mandatoryOf } from "./support/policy-runs";
import { program } from "./support/program";
import { BUILD_LIMIT_MS, requireCli } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";

const CHECKOUT = resolve(__dirname, "../..");

/** Files of a package in place of the npm package: the same module, from the checkout. */
const STAND_IN = {
  "package.json": JSON.stringify({ name: "ecs-image-verification", exports: { "./environment": "./environment.js" } }),
  "environment.js": `require(require.resolve("tsx/cjs", { paths: ["${CHECKOUT}"] }));
module.exports = require("${CHECKOUT}/configuration/stack-environment");`,
  "environment.d.ts": "export declare function environmentOfStack(): Promise<object>;",
};

/** The npm package has tests of its own; here it is about what `init` writes. */
describe("engine: a project that init has written", function () {
  this.timeout(120_000);
  let folder: string;
  let scene: Scene;

  before("start the engine", async function () {
    this.timeout(BUILD_LIMIT_MS);
    await requireCli(this);
    folder = await mkdtemp(join(tmpdir(), "init-project-"));
    const place = ["--region", "eu-west-1", "--account", "111122223333", "--folder", folder];
    for (const options of [
      ["--stack", "dev"],
      ["--stack", "prod", "--mode", "enforce", "--production", "--email", "platform@example.com"],
    ]) {
      const { code, stderr } = await startCommand(["init", "--yes", ...options, ...place], {
        PATH: process.env.PATH,
      }).ended;
      assert.equal(code, 0, stderr);
    }
    const installed = join(folder, "node_modules", "ecs-image-verification");
    await mkdir(installed, { recursive: true });
    await symlink(join(CHECKOUT, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
    for (const [name, text] of Object.entries(STAND_IN)) await writeFile(join(installed, name), text);
    scene = await startScene({ ...program, project: folder });
  });
  after("stop the engine", async () => {
    await scene?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const stack of ["dev", "prod"]) {
    it(`${stack}: the preview makes an environment, and its policies have nothing against it`, async () => {
      const pack = judgedBy(join(CHECKOUT, "policy"), join(folder, `policy-${stack}.json`));

      const { code, stdout, stderr, violations } = await scene.run("preview", stack, ...pack);

      assert.equal(code, 0, stdout + stderr);
      assert.deepEqual(mandatoryOf(violations), []);
      assert.match(stdout, /ecs-image-verification:components:ImageVerification/);
    });
  }

  it("has the outputs that the commands with --stack read", async () => {
    const { code, stdout, stderr } = await scene.run("up", "dev");

    assert.equal(code, 0, stdout + stderr);
    const outputs = JSON.parse((await scene.pulumi("stack", "output", "--json", "--stack", "dev")).stdout);
    assert.equal(outputs.environment, "dev");
    assert.ok(outputs.functionName);
    // The program is the project's own, and says nothing that the stack's file does not.
    assert.match(await readFile(join(folder, "index.ts"), "utf8"), /export = environmentOfStack;\n$/);
  });
});
