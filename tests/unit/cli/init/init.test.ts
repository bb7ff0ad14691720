import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { version } from "../../../../package.json";
import { policies } from "../../../../policy/policies";
import { refusedByStackSchema } from "../../configuration/stack-schema";
import { callHere } from "../call-here";
import { ACCOUNT, PLACE, PROFILE, useFolder } from "./init-folder";

describe("init", () => {
  const { init, names, path, read } = useFolder();

  describe("into an empty folder", () => {
    it("writes a whole Pulumi project, and says what is next", async () => {
      const { code, stdout } = await init(...PLACE);

      assert.equal(code, 0);
      assert.deepEqual(await names(), [
        "Pulumi.dev.yaml",
        "Pulumi.yaml",
        "index.ts",
        "package.json",
        "policy-dev.json",
        "tsconfig.json",
      ]);
      assert.match(stdout, /\nNext:\n {2}npm install\n {2}npx ecs-image-verification trust check Pulumi\.dev\.yaml\n/);
      assert.match(stdout, /\n {2}pulumi stack init dev\n/);
    });

    it("makes the folder, and says how to get there", async () => {
      const { code, stdout } = await init(...PLACE, "--folder", "my environments");

      assert.equal(code, 0);
      assert.ok(existsSync(path("my environments", "Pulumi.dev.yaml")));
      assert.match(stdout, /\n {2}cd '\S+\/my environments'\n/);
    });

    it("asks for this version of the package, and for what Pulumi's own template has", async () => {
      await init(...PLACE);

      const { name, dependencies, devDependencies } = JSON.parse(await read("package.json"));
      // npm refuses a package with the name of its own dependency.
      assert.notEqual(name, "ecs-image-verification");
      assert.equal(dependencies["ecs-image-verification"], version);
      assert.match(dependencies["@pulumi/pulumi"], /^\^?\d+\.\d+\.\d+$/);
      assert.deepEqual(Object.keys(devDependencies), ["@types/node", "typescript"]);
    });

    it("names a project with whose name `pulumi config set KEY` sets keys of this product", async () => {
      await init(...PLACE);

      assert.equal(parse(await read("Pulumi.yaml")).name, "ecs-image-verification");
    });
  });

  describe("what it writes", () => {
    const CALLS: Readonly<Record<string, readonly string[]>> = {
      "a development environment": PLACE,
      "a production environment": [
        "--stack",
        "prod",
        "--account",
        ACCOUNT,
        "--mode",
        "enforce",
        "--production",
        ...PLACE,
      ],
      "other signers, registries and recipients": [
        ...["--stack", "0123", "--region", "us-gov-west-1", "--email", "a'b@example.com", "--email", "no@example.com"],
        ...[
          "--identity",
          "self",
          "--identity",
          "arn:aws-us-gov:signer:us-gov-west-1:444455556666:/signing-profiles/no",
        ],
        ...[
          "--identity",
          "stack:signing",
          "--registry",
          "self",
          "--registry",
          "localhost:5000",
          "--registry",
          "docker.io",
        ],
      ],
    };

    for (const [what, call] of Object.entries(CALLS)) {
      it(`${what}: passes trust check without warnings, and the JSON Schema`, async () => {
        const { code, stderr } = await init(...call);
        assert.equal(code, 0, stderr);
        const file = (await names()).find((name) => /^Pulumi\..+\.yaml$/.test(name)) ?? "";

        const checked = await callHere(path(), "trust", "check", "--strict", file);

        assert.equal(checked.code, 0, checked.stdout);
        assert.deepEqual(refusedByStackSchema(parse(await read(file))), []);
      });

      it(`${what}: configures policies that there are, as their schemas want it`, async () => {
        await init(...call);
        const file = (await names()).find((name) => name.startsWith("policy-")) ?? "";

        for (const [name, given] of Object.entries<Record<string, unknown>>(JSON.parse(await read(file)))) {
          const policy = policies().find((one) => one.name === name);
          assert.ok(policy !== undefined, name);
          const known = ["enforcementLevel", ...Object.keys(policy.configSchema?.properties ?? {})];
          assert.deepEqual(
            Object.keys(given).filter((key) => !known.includes(key)),
            [],
          );
        }
      });
    }

    it("says what an editor checks it with, by a path that the package has", async () => {
      await init(...PLACE);
      await init("--for", "command-line", "--identity", PROFILE, "--account", ACCOUNT, ...PLACE);

      for (const [file, schema] of [
        ["Pulumi.dev.yaml", "stack"],
        ["trust.yaml", "trust-document"],
      ] as const) {
        const [, path] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(await read(file)) ?? [];
        assert.equal(path, `node_modules/ecs-image-verification/lib/docs/${schema}.schema.json`);
        assert.ok(
          existsSync(join(__dirname, "../../../..", path.replace("node_modules/ecs-image-verification/lib/", ""))),
        );
      }
    });

    it("keeps what production has, and lets a development environment be destroyed", async () => {
      await init(...PLACE);
      await init("--stack", "production", ...PLACE);

      const [dev, production] = await Promise.all(
        ["dev", "production"].map(async (stack) => parse(await read(`Pulumi.${stack}.yaml`)).config),
      );
      const key = (name: string) => `ecs-image-verification:${name}`;
      assert.deepEqual([dev[key("protect")], dev[key("forceDelete")]], [false, true]);
      assert.deepEqual([production[key("protect")], production[key("forceDelete")]], [true, false]);
      assert.equal(production[key("logs")].retentionDays, 365);
      // Whether it stops tasks is another question: audit is where everybody begins.
      assert.equal(production[key("mode")], "audit");
    });

    it("lists the accounts of the signers for the policy that refuses others", async () => {
      await init("--identity", PROFILE, ...PLACE);

      const { "trusted-identities": listed } = JSON.parse(await read("policy-dev.json"));
      assert.deepEqual(listed.environments, [{ name: "dev", accounts: ["444455556666"] }]);
    });
  });

  describe("into a Pulumi project that is there", () => {
    beforeEach(() => writeFile(path("Pulumi.yaml"), "name: theirs\nruntime: nodejs\n"));

    it("writes the files of the stack, and says what to add to the program", async () => {
      await writeFile(path("package.json"), '{"dependencies":{"@pulumi/pulumi":"^3.0.0"}}');

      const { code, stdout } = await init(...PLACE);

      assert.equal(code, 0);
      assert.deepEqual(await names(), ["Pulumi.dev.yaml", "Pulumi.yaml", "package.json", "policy-dev.json"]);
      assert.match(stdout, /import \{ environmentOfStack \} from "ecs-image-verification\/environment";/);
      assert.match(stdout, /\n {2}npm install ecs-image-verification\n/);
    });

    it("has nothing to add to the program that init itself wrote", async () => {
      await rm(path("Pulumi.yaml"));
      await init(...PLACE);

      const { code, stdout } = await init("--stack", "prod", ...PLACE);
      const json = await init("--stack", "test", "--json", ...PLACE);

      assert.equal(code, 0);
      assert.doesNotMatch(stdout, /Add to your program|imageVerification/);
      assert.match(stdout, /\n {2}pulumi stack init prod\n/);
      assert.equal(JSON.parse(json.stdout).program, "");
    });

    it("refuses one in another language, which could not run the program", async () => {
      await writeFile(path("Pulumi.yaml"), "name: theirs\nruntime:\n  name: python\n");

      const { code, stderr } = await init(...PLACE);

      assert.equal(code, 64);
      assert.match(stderr, /Pulumi\.yaml is a project in python.*--folder DIR/);
      assert.deepEqual(await names(), ["Pulumi.yaml"]);
    });
  });

  describe("for the command line only", () => {
    it("writes a trust document that says what `self` would stand for", async () => {
      const { code, stdout } = await init(
        "--for",
        "command-line",
        "--account",
        ACCOUNT,
        "--identity",
        PROFILE,
        ...PLACE,
      );

      assert.equal(code, 0);
      assert.deepEqual(await names(), ["trust.yaml"]);
      assert.deepEqual(parse(await read("trust.yaml")), {
        registries: [`${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`],
        statements: [{ name: "release", repositories: ["*"], identities: [PROFILE] }],
      });
      assert.equal((await callHere(path(), "trust", "check", "--strict", "trust.yaml")).code, 0);
      assert.match(stdout, /\n {2}npx ecs-image-verification plugin install\n/);
    });
  });
});
