import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Bundle, bundleHandlers } from "../../../build/bundle";

const run = promisify(execFile);
const checkout = resolve(__dirname, "../../..");
const limit = 1_500_000;

describe("the bundle of the Lambda handlers", function () {
  this.timeout(30_000);

  let folder: string;
  let bundle: Bundle;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bundle-"));
    bundle = await bundleHandlers({ folder: join(folder, "dist") });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it("has one file and one source map for each handler, under 1.5 MB", async () => {
    const handlers = await readdir(join(checkout, "verifier/src/handlers"));
    const names = handlers.map((name) => name.replace(/\.ts$/, ".js"));

    const others = ["THIRD-PARTY-NOTICES", "check-settings.js"];
    const expected = [...names, ...names.map((name) => `${name}.map`), ...others].sort();
    assert.deepEqual((await readdir(bundle.folder)).sort(), expected);
    assert.deepEqual(Object.keys(bundle.bytes).sort(), expected);
    for (const name of names) assert.ok((bundle.bytes[name] ?? limit) < limit, `${name}: ${bundle.bytes[name]} bytes`);
  });

  it("has the same bytes when the same sources stand elsewhere", async () => {
    const copy = join(folder, "copy");
    for (const part of ["verifier/src", "trust", "tsconfig.json", "package.json"]) {
      await cp(join(checkout, part), join(copy, part), { recursive: true });
    }
    await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));

    const other = await bundleHandlers({ checkout: copy });

    assert.equal(other.folder, join(copy, "verifier/dist"));
    for (const name of await readdir(bundle.folder)) {
      const [one, two] = await Promise.all([bundle, other].map((built) => readFile(join(built.folder, name))));
      assert.ok(one?.equals(two ?? Buffer.alloc(0)), `${name} differs`);
    }
  });

  it("has no path of this machine in it", async () => {
    for (const name of await readdir(bundle.folder)) {
      const text = await readFile(join(bundle.folder, name), "utf8");
      assert.ok(!text.includes(checkout) && !text.includes(folder), name);
    }
  });

  it("knows nothing of the logins in Docker's configuration", async () => {
    for (const name of (await readdir(bundle.folder)).filter((one) => one.endsWith(".js"))) {
      const text = await readFile(join(bundle.folder, name), "utf8");
      assert.doesNotMatch(text, /docker-credential|DOCKER_CONFIG|credHelpers/, name);
    }
  });

  it("names every package that it has parts of, with its licence", async () => {
    const notices = await readFile(join(bundle.folder, "THIRD-PARTY-NOTICES"), "utf8");

    for (const name of ["@aws-sdk/client-ecs", "@aws-lambda-powertools/logger", "lru-cache", "zod"]) {
      const { version, license } = JSON.parse(
        await readFile(join(checkout, "node_modules", name, "package.json"), "utf8"),
      );
      assert.ok(notices.includes(`${name} ${version} (${license}`), name);
    }
    for (const words of ["Apache License", "MIT License", "Blue Oak Model License"]) {
      assert.ok(notices.includes(words), words);
    }
    assert.doesNotMatch(notices, /^ {2}esbuild /m);
  });

  it("names the same packages when it is made of an installed package, with the others beside it", async () => {
    const modules = join(folder, "project/node_modules");
    const installed = join(modules, "ecs-image-verification");
    for (const part of ["verifier/src", "trust", "tsconfig.json", "package.json"]) {
      await cp(join(checkout, part), join(installed, part), { recursive: true });
    }
    for (const name of await readdir(join(checkout, "node_modules"))) {
      await symlink(join(checkout, "node_modules", name), join(modules, name));
    }

    const other = await bundleHandlers({ checkout: installed });

    const [here, there] = await Promise.all(
      [bundle, other].map((built) => readFile(join(built.folder, "THIRD-PARTY-NOTICES"), "utf8")),
    );
    assert.equal(there, here);
  });

  it("leaves nothing old in its folder", async () => {
    await writeFile(join(bundle.folder, "old.js"), "");

    await bundleHandlers({ folder: bundle.folder });

    assert.ok(!(await readdir(bundle.folder)).includes("old.js"));
  });

  it("loads, and says which file of the image is missing", async () => {
    const load = `try { require(${JSON.stringify(join(bundle.folder, "launch.js"))}) } catch (error) { console.log(error.stack) }`;

    const { stdout } = await run(process.execPath, ["--enable-source-maps", "--eval", load]);

    assert.match(
      stdout,
      /^SettingsError: \/opt\/ecs-image-verification\/settings\.json is missing: this is a base image/,
    );
    // From the source map.
    assert.match(stdout, /\(\/ecs-image-verification\/verifier\/src\/settings\.ts:\d+:\d+\)/);
  });
});
