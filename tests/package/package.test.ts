import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILD_LIMIT_MS, requireCli } from "../engine/support/requirements";
import { type Scene, startScene } from "../engine/support/scene";
import type { Run } from "../support/running-command";
import { snippets } from "../support/snippets";
import { reachable } from "./support/declarations";
import type { InstalledPackage } from "./support/installed-package";
import { sharedPackage } from "./support/shared-package";

/** What the tests use of it. */
interface OlderTypeScript {
  createSourceFile(
    name: string,
    text: string,
    version: number,
  ): { readonly parseDiagnostics: readonly { readonly messageText: unknown }[] };
}

/** The newest ECMAScript, in its words. */
const LATEST = 99;

/** The first way in of the README. */
const PROGRAM = snippets("README.md", "Three ways in")[0]?.code ?? "";

/** What a platform's own tool uses beside the components. */
const TOOL = `import { createEnvironment, type EnvironmentConfiguration } from "ecs-image-verification/automation";
import { parseTrustDocument, type TrustDocument } from "ecs-image-verification/trust";

const trust: TrustDocument = parseTrustDocument({ registries: ["self"], statements: [] });
const configuration: EnvironmentConfiguration = { mode: "audit", trust };
// @ts-expect-error A statement has repositories.
export const wrong: TrustDocument = { ...trust, statements: [{ name: "release", repository: "*", identities: ["self"] }] };
export const environment = createEnvironment({ stack: "dev", region: "eu-west-1", configuration });
`;

describe("the npm package, installed from its tarball", function () {
  this.timeout(BUILD_LIMIT_MS);
  let installed: InstalledPackage;
  /** A PATH with Node.js alone. */
  let path: string;

  before("build, pack and install", async function () {
    path = await mkdtemp(join(tmpdir(), "only-node-"));
    await symlink(process.execPath, join(path, "node"));
    installed = await sharedPackage(this);
    await writeFile(join(installed.project, "index.ts"), PROGRAM);
  });
  after(async () => {
    await rm(path, { recursive: true, force: true });
  });

  const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
    new Promise((done) => {
      const options = { cwd: installed.project, env: { PATH: path, HOME: path, NO_COLOR: "1", ...env } };
      execFile(file, [...args], options, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const command = (...args: readonly string[]) =>
    run(join(installed.project, "node_modules/.bin/ecs-image-verification"), args);
  const filesOf = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

  it("holds compiled code, what the image is built from, and nothing of the checkout's tools", async () => {
    const files = await filesOf(installed.folder);

    for (const name of ["lib/verifier/Dockerfile", "lib/verifier/notation/go.mod", "lib/verifier/dist/launch.js"]) {
      assert.ok(files.includes(name), name);
    }
    assert.deepEqual(
      files.filter((name) => /(?<!\.d)\.ts$|_test\.go$|^lib\/(tests|acceptance)\//.test(name)),
      // Pulumi reads a plugin's arguments from its sources.
      ["lib/plugin/args.ts", "lib/plugin/index.ts"],
    );
    const manifest = JSON.parse(await readFile(join(installed.folder, "package.json"), "utf8"));
    assert.equal(manifest.private, undefined);
  });

  describe("command line, without Go", () => {
    it("says its version and explains a code", async () => {
      const { stdout } = await command("--version");
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);

      const explained = await command("explain", "no-signature");
      assert.deepEqual([explained.code, explained.stderr], [0, ""]);
      assert.match(explained.stdout, /no-signature/);
    });

    it("judges with the prebuilt program", async () => {
      await writeFile(
        join(installed.project, "trust.yaml"),
        `registries: ["127.0.0.1:1"]\nstatements:\n  - name: release\n    repositories: ["*"]\n    identities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"]\n`,
      );
      const platform =
        (await readdir(join(installed.folder, "lib/programs"))).find(
          (name) => name.includes("-amd64") || name.includes("-arm64"),
        ) ?? "";
      const plugin = join(installed.folder, "lib/programs", platform, "notation-com.amazonaws.signer.notation.plugin");
      const image = `127.0.0.1:1/app@sha256:${"0".repeat(64)}`;

      const { code, stdout, stderr } = await command(
        "verify",
        image,
        "--trust",
        "trust.yaml",
        "--plugin",
        plugin,
        "--json",
      );

      assert.equal(code, 2, stderr);
      assert.equal(JSON.parse(stdout).code, "registry-unavailable");
    });

    it("looks for a project in the current folder", async () => {
      const { code, stderr } = await command("up", "--stack", "prod");

      assert.equal(code, 64);
      assert.match(stderr, /has no Pulumi\.prod\.yaml/);
      assert.ok(stderr.includes(installed.project));
    });
  });

  describe("types", () => {
    const entries = () =>
      ["automation/index", "components/index", "configuration/stack-environment", "policy/index", "trust/index"].map(
        (name) => join(installed.folder, "lib", `${name}.d.ts`),
      );
    const compile = (file: string) =>
      run(process.execPath, [join(installed.project, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", file]);

    it("compile in the project that Pulumi makes, declarations of packages included, and refuse what is no trust document", async () => {
      await writeFile(join(installed.project, "tool.ts"), TOOL);
      const settings = JSON.parse(await readFile(join(installed.project, "tsconfig.json"), "utf8"));
      const file = join(installed.project, "tsconfig.tool.json");
      await writeFile(file, JSON.stringify({ ...settings, files: ["index.ts", "tool.ts"] }));

      const { code, stdout } = await compile(file);

      assert.equal(code, 0, stdout);
    });

    it("name no package but those of Pulumi", () => {
      const { packages } = reachable(entries());
      assert.deepEqual(
        packages.filter((name) => !name.startsWith("@pulumi/")),
        [],
      );
    });

    it("can be read by the TypeScript that Pulumi brings for projects that have none", async () => {
      const sdk = createRequire(createRequire(join(installed.project, "index.js")).resolve("@pulumi/pulumi"));
      const older = sdk("./vendor/typescript@3.8.3/typescript.js") as OlderTypeScript;
      const problems = reachable(entries()).files.flatMap((file) =>
        older
          .createSourceFile(file, readFileSync(file, "utf8"), LATEST)
          .parseDiagnostics.map(({ messageText }) => [file, messageText]),
      );

      assert.deepEqual(problems, []);
    });
  });

  describe("in the real engine, by Pulumi's own ts-node", () => {
    let scene: Scene;

    before(async function () {
      await requireCli(this);
      scene = await startScene({ project: installed.project, projectName: "shop" });
      await scene.project.configure("dev", () => ({ "aws:region": "eu-west-1" }));
    });
    after(() => scene?.close());

    it("ten lines make an environment, and nothing is written into the package", async () => {
      const before = await filesOf(installed.folder);

      const planned = await scene.run("preview", "dev");
      assert.deepEqual([planned.code, planned.errors, planned.warnings], [0, [], []]);
      const done = await scene.run("up", "dev");
      assert.deepEqual([done.code, done.errors, done.warnings], [0, [], []]);

      const made = await scene.state("dev");
      assert.ok(made.some(({ type }) => type === "aws:lambda/function:Function"));
      const [image] = made.filter(({ type }) => type === "docker:index/image:Image");
      assert.match(JSON.stringify(image?.inputs), /\.ecs-image-verification\/context-/);
      assert.deepEqual(await filesOf(installed.folder), before);
    });

    it("its policies are a pack", async () => {
      const pack = join(installed.folder, "lib/policy");
      await writeFile(join(scene.project.folder, "policy.json"), JSON.stringify({ all: "advisory" }));

      const { code, stdout, stderr } = await scene.pulumi(
        ...["preview", "--stack", "dev", "--policy-pack", pack, "--policy-pack-config", "policy.json"],
      );

      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /ecs-image-verification@/);
    });
  });

  it("copies and signs the sample with compiled programs", async () => {
    for (const name of ["copy-main", "sign-main"]) {
      const { code, stderr } = await run(process.execPath, [
        join(installed.folder, `lib/components/sample/${name}.js`),
      ]);
      assert.equal(code, 1);
      assert.doesNotMatch(stderr, /Cannot find module/);
      assert.ok((await stat(installed.folder)).isDirectory());
    }
  });
});
