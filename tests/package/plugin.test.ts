import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { version } from "../../package.json";
import { type ContainerEngine, startContainerEngine } from "../engine/support/container-engine";
import { BUILD_LIMIT_MS, requireCli } from "../engine/support/requirements";
import { type Scene, startScene } from "../engine/support/scene";
import { type ComponentPlugin, startComponentPlugin } from "./support/component-plugin";
import { sharedPackage } from "./support/shared-package";

/** What an SDK that Pulumi generates does: it names the type, and says that it is made elsewhere. */
const PROGRAM = `const pulumi = require("@pulumi/pulumi");

class ImageVerification extends pulumi.ComponentResource {
  constructor(name, args) {
    super("ecs-image-verification:index:ImageVerification", name, { ...args, signingProfileArn: undefined, functionName: undefined }, {}, true);
  }
}

const made = new ImageVerification("verification", require(process.cwd() + "/arguments.json"));
module.exports = { signingProfileArn: made.signingProfileArn, functionName: made.functionName };
`;

const RUNTIME = { name: "nodejs", options: { typescript: false } };

const TRUST = `registries: [self]
statements:
  - name: release
    repositories: ["*"]
    identities: [self]
`;

const schemaForm = z.object({
  name: z.string(),
  version: z.string(),
  resources: z.record(
    z.string(),
    z.object({
      description: z.string(),
      inputProperties: z.record(z.string(), z.object({ description: z.string() }).loose()),
      requiredInputs: z.array(z.string()),
      properties: z.record(z.string(), z.object({ description: z.string() }).loose()),
    }),
  ),
});

describe("the component plugin of the npm package", function () {
  this.timeout(BUILD_LIMIT_MS);
  let project: string;
  let containerEngine: ContainerEngine;
  let plugin: ComponentPlugin;

  before("start it", async function () {
    const installed = await sharedPackage(this);
    project = await mkdtemp(join(tmpdir(), "other-language-"));
    await symlink(join(installed.project, "node_modules"), join(project, "node_modules"));
    await cp(join(installed.project, "package.json"), join(project, "package.json"));
    await writeFile(join(project, "Pulumi.yaml"), JSON.stringify({ name: "shop", runtime: RUNTIME }));
    await writeFile(join(project, "index.js"), PROGRAM);
    containerEngine = await startContainerEngine();
    const environment = { PATH: process.env.PATH, DOCKER_HOST: containerEngine.host };
    plugin = await startComponentPlugin(join(installed.folder, "lib/plugin"), project, environment);
  });
  after("stop it", async () => {
    await plugin?.stop();
    await containerEngine?.close();
    await rm(project, { recursive: true, force: true });
  });

  it("has a schema in which every argument and output is described, and only trust is required", async () => {
    const { name, version: told, resources } = schemaForm.parse(await plugin.schema());

    assert.deepEqual([name, told], ["ecs-image-verification", version]);
    assert.deepEqual(Object.keys(resources), ["ecs-image-verification:index:ImageVerification"]);
    const { requiredInputs = [], properties = {} } = Object.values(resources)[0] ?? {};
    assert.deepEqual(requiredInputs, ["trust"]);
    assert.ok("signingProfileArn" in properties);
  });

  describe("in the real engine", () => {
    let scene: Scene;

    const run = async (command: "preview" | "up", args: object) => {
      await writeFile(join(scene.project.folder, "arguments.json"), JSON.stringify({ trust: TRUST, ...args }));
      return scene.run(command, "dev");
    };
    before(async function () {
      await requireCli(this);
      const attached = [{ name: "ecs-image-verification", port: plugin.port }];
      scene = await startScene({ project, projectName: "shop", attached });
      await scene.project.configure("dev", () => ({ "aws:region": "eu-west-1" }));
      // The host starts a plugin in the folder of the project, which is where the build context goes. Here the plugin runs
      // before the engine has its copy of the project.
      await mkdir(join(project, ".ecs-image-verification"));
      await symlink(join(project, ".ecs-image-verification"), join(scene.project.folder, ".ecs-image-verification"));
    });
    after(() => scene?.close());

    it("makes an environment for a program of another language", async () => {
      const { code, errors } = await run("up", { sweepEveryHours: 4 });

      assert.deepEqual([code, errors], [0, []]);
      const made = await scene.state("dev");
      assert.ok(made.some(({ type }) => type === "aws:lambda/function:Function"));
      const facade = made.find(({ type }) => type === "ecs-image-verification:index:ImageVerification");
      assert.match(String(facade?.outputs?.signingProfileArn), /^arn:aws:signer:/);
    });

    it("says which word an argument allows", async () => {
      const { code, errors } = await run("preview", { mode: "enforced" });

      assert.notEqual(code, 0);
      assert.match(errors.join("\n"), /mode is "enforced"\..*Write enforce\./s);
    });

    it("says what is wrong with the trust document", async () => {
      const { code, errors } = await run("preview", { trust: "registries: [self]\nstatments: []" });

      assert.notEqual(code, 0);
      assert.match(errors.join("\n"), /statments/);
    });
  });
});
