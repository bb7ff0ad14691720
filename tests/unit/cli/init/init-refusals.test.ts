import assert from "node:assert/strict";
import { mkdir, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { CLI, startNode } from "../../../support/running-command";
import { PLACE, PROFILE, useFolder } from "./init-folder";

describe("what init leaves alone, and what it refuses", () => {
  const { init, names, path, read } = useFolder();

  describe("files that are there", () => {
    it("names each, and writes nothing", async () => {
      await writeFile(path("Pulumi.dev.yaml"), "config: {}\n");
      await writeFile(path("index.ts"), "");

      const { code, stderr } = await init(...PLACE);

      assert.equal(code, 64);
      assert.match(
        stderr,
        /^These files are there already, and nothing is overwritten:\n {2}\S+Pulumi\.dev\.yaml\n {2}\S+index\.ts\n/,
      );
      assert.deepEqual(await names(), ["Pulumi.dev.yaml", "index.ts"]);
      assert.equal(await read("Pulumi.dev.yaml"), "config: {}\n");
    });

    it("leaves package.json and tsconfig.json alone: those that npm has made do as well", async () => {
      await writeFile(path("package.json"), '{"dependencies":{"ecs-image-verification":"0.1.0"}}');
      await writeFile(path("tsconfig.json"), "{}");

      const { code, stdout } = await init(...PLACE);

      assert.equal(code, 0);
      assert.match(stdout, /\nLeft alone: package\.json, tsconfig\.json\n/);
      assert.match(stdout, /\n {2}npm install typescript@5 @types\/node@22\n/);
      assert.equal(await read("tsconfig.json"), "{}");
    });

    it("leaves a link that leads nowhere alone, as any file with its name", async () => {
      await symlink("nowhere", path("package.json"));

      const { code, stdout, stderr } = await init(...PLACE);

      assert.equal(code, 0, stderr);
      assert.match(stdout, /\nLeft alone: package\.json\n/);
      assert.match(stdout, /\n {2}npm install ecs-image-verification /);
      assert.equal(await readlink(path("package.json")), "nowhere");
    });

    it("cannot be read: names it, without a stack trace", async () => {
      await mkdir(path("package.json"));

      const { code, stderr } = await init(...PLACE);

      assert.equal(code, 64);
      assert.match(
        stderr,
        /^\S+package\.json cannot be read\. It is a folder, but a file is expected\. Nothing was written\./,
      );
    });

    it("refuses a package of ES modules, as which Pulumi cannot load TypeScript", async () => {
      await writeFile(path("package.json"), '{"type":"module"}');

      const { code, stderr } = await init(...PLACE);

      assert.equal(code, 64);
      assert.match(stderr, /"type": "module"/);
      assert.deepEqual(await names(), ["package.json"]);
    });

    it("a folder stands in the place of the folder to write into", async () => {
      await writeFile(path("file"), "");

      const { code, stderr } = await init(...PLACE, "--folder", "file");

      assert.equal(code, 64);
      assert.match(stderr, /^--folder \S+file cannot be used\./);
    });
  });

  it("--dry-run shows the files, also beside those that are there, and writes nothing", async () => {
    await mkdir(path("a"));
    await writeFile(path("a", "Pulumi.dev.yaml"), "");

    const shown = await init(...PLACE, "--folder", "a", "--dry-run");
    const json = await init(...PLACE, "--dry-run", "--json");

    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /^==> Pulumi\.dev\.yaml \(is there\)\n# yaml-language-server: /);
    assert.match(shown.stdout, /\n==> index\.ts\nimport /);
    assert.match(JSON.parse(json.stdout).written[0].text, /^# yaml-language-server: /);
    assert.deepEqual([await names(), await readdir(path("a"))], [["a"], ["Pulumi.dev.yaml"]]);
  });

  describe("mistakes are found before anything is written", () => {
    it("no region, and no terminal to ask on", async () => {
      // A process of its own: these tests may have a terminal.
      const { code, stderr } = await startNode([CLI, "init"], { PATH: process.env.PATH, HOME: path() }, path()).ended;

      assert.equal(code, 64);
      assert.match(stderr, /^--region is missing, and there is no terminal to ask on\. Nothing was written\.$/m);
    });

    for (const [what, call, said] of [
      ["no region", [], /^--region is missing, and --yes asks nothing\./],
      ["no region and no signer", ["--for", "command-line"], /^--region, --registry and --identity are missing/],
      [
        "a stack with its organization",
        ["--stack", "org/project/dev", ...PLACE],
        /--stack must be the name of a stack, without/,
      ],
      ["a stack that leads out of the folder", ["--stack", "../dev", ...PLACE], /--stack must be the name of a stack/],
      [
        "an identity that never matches",
        ["--identity", PROFILE.replace("profiles", "profile"), ...PLACE],
        /Write "arn:aws:signer:eu-west-1:444455556666:\/signing-profiles\/release"/,
      ],
      [
        "no address",
        ["--email", "nobody", ...PLACE],
        /notifications\.email\[0\]\.address: "nobody" must be an e-mail address/,
      ],
      ["a registry with a path", ["--registry", "ghcr.io/team", ...PLACE], /trust\.registries\[0\]: "ghcr\.io\/team"/],
      ["a partition without Signer's root", ["--region", "cn-north-1"], /aws:region: "cn-north-1" cannot be used/],
    ] as const) {
      it(what, async () => {
        const { code, stderr } = await init(...call);

        assert.equal(code, 64);
        assert.match(stderr, said);
        assert.match(stderr, /Nothing was written\.$/m);
        assert.deepEqual(await names(), []);
      });
    }
  });

  it("warns as trust check does: of a region that does not exist, perhaps", async () => {
    const { code, stderr } = await init("--region", "eu-wset-1");

    assert.equal(code, 0);
    assert.match(stderr, /^Warning: aws:region: "eu-wset-1" .*Did you mean eu-west-1\?/);
  });
});
