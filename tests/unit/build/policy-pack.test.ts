import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { packPolicies, type StandalonePack } from "../../../build/policy-pack";

const checkout = resolve(__dirname, "../../..");

describe("the standalone policy pack", function () {
  this.timeout(60_000);

  let folder: string;
  let built: StandalonePack;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "policy-pack-"));
    const pack = join(folder, "policy-pack");
    await mkdir(join(pack, "verifier/old"), { recursive: true });
    await writeFile(join(pack, "trust-prod.yaml"), "registries: [self]\n");
    built = await packPolicies({ folder });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const read = (name: string) => readFile(join(built.folder, name), "utf8");

  it("declares exactly what it does not hold, by the versions of this project", async () => {
    const { devDependencies: pinned } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
    const names = ["@pulumi/policy", "@pulumi/pulumi"];
    const manifest = JSON.parse(await read("package.json"));

    assert.deepEqual(manifest.dependencies, Object.fromEntries(names.map((name) => [name, pinned[name]])));
    for (const version of Object.values(manifest.dependencies)) assert.match(String(version), /^\d+\.\d+\.\d+$/);
  });

  it("says how to publish it, under which licence, and whose parts it holds", async () => {
    assert.match(await read("README.md"), /pulumi policy publish/);
    assert.match(await read("LICENSE"), /Apache License/);
    assert.match(await read("THIRD-PARTY-NOTICES"), /zod .*MIT/);
  });

  it("has no path of this machine and no tests in it", async () => {
    const main = await read("main.js");
    assert.ok(!main.includes(checkout) && !main.includes(folder));
    const names = await readdir(built.folder, { recursive: true });
    assert.deepEqual(
      names.filter((name) => name.includes("_test")),
      [],
    );
  });

  it("holds nothing of the command line, whose errors are for its callers", async () => {
    const files = [...(await read("main.js")).matchAll(/^\/\/ (\S+\.ts)$/gm)].map(([, file = ""]) => file);
    assert.ok(files.includes("policy/preview-verification.ts"));
    assert.deepEqual(
      files.filter((file) => file.startsWith("cli/")),
      [],
    );
  });

  it("keeps a trust document that stands in its folder, and nothing old of its own", async () => {
    const names = await readdir(built.folder, { recursive: true });

    assert.ok(names.includes("trust-prod.yaml"));
    assert.ok(names.includes("verifier/notation/go.mod"));
    assert.ok(!names.includes("verifier/old"));
  });
});
