import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLI } from "../../support/running-command";
import { account, document, exemption, ownProfile, region, release, statement } from "../trust/documents";
import { callHere } from "./call-here";

describe("the commands on trust documents", () => {
  let folder: string;

  const run = (...words: readonly string[]) => callHere(folder, ...words);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "trust-"));
    const files = {
      "good.yaml": document({ registries: ["registry.example.com"] }),
      "warned.yaml": document({ registries: ["registry.example.com", "registry.example.com"] }),
      "bad.yaml": document({ statements: [statement({ identities: ["*"] })] }),
      "self.yaml": document({
        statements: [statement({ identities: ["self"] })],
        exemptions: [exemption({ expires: "2999-12-31" })],
      }),
      "china.yaml": document({
        registries: ["registry.cn"],
        statements: [statement({ identities: [`arn:aws-cn:signer:cn-north-1:${account}:/signing-profiles/cn`] })],
      }),
      "Pulumi.dev.yaml": { config: { "aws:region": region } },
      "Pulumi.yaml": { name: "ecs-image-verification", runtime: "nodejs" },
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
    await writeFile(join(folder, "broken.yaml"), "a: [");
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it("answer 0 for what is in order", async () => {
    const { code, stdout, stderr } = await run("trust", "check", "good.yaml");

    assert.deepEqual([code, stdout, stderr], [0, "good.yaml: no problems\n", ""]);
  });

  it("check every file, and answer 1 if any has problems", async () => {
    const { code, stdout, stderr } = await run("trust", "check", "bad.yaml", "good.yaml", "Pulumi.dev.yaml", "--json");

    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ file, kind, problems }) => [file, kind, problems.length > 0]),
      [
        ["bad.yaml", "trust-document", true],
        ["good.yaml", "trust-document", false],
        ["Pulumi.dev.yaml", "stack", true],
      ],
    );
    assert.deepEqual([code, stderr], [1, ""]);
  });

  it("have a line of JSON for a file that cannot be read, too, with what is known of it", async () => {
    await writeFile(join(folder, "broken.json"), '{"registries": ["self"');

    const { code, stdout, stderr } = await run("trust", "check", "good.yaml", "nope.yaml", "broken.json", "--json");

    const [good, missing, broken, ...others] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([others, code], [[], 64]);
    assert.deepEqual([missing.file, missing.kind, missing.warnings, missing.notChecked], ["nope.yaml", null, [], []]);
    assert.match(missing.problems[0].message, /^nope\.yaml: There is no such file\. Give /);
    assert.deepEqual([broken.file, broken.problems[0].line], ["broken.json", 1]);
    for (const one of [missing, broken]) {
      assert.deepEqual(Object.keys(one), Object.keys(good));
      assert.ok(stderr.includes(one.problems[0].message));
    }
  });

  it("advise on a JSON file that is broken in the words of JSON", async () => {
    const files = { "comma.json": '{"registries": ["self"] "statements": []}', "end.json": '{"registries": [' };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      const { code, stderr } = await run("trust", "check", name);

      assert.match(stderr, /^\w+\.json, line 1, column \d+: This is not JSON\. In JSON, [^-]*commas[^-]*\n$/);
      assert.equal(code, 64);
    }
  });

  it("let warnings pass unless told otherwise", async () => {
    assert.equal((await run("trust", "check", "warned.yaml")).code, 0);
    assert.equal((await run("trust", "check", "warned.yaml", "--strict")).code, 1);
  });

  it("answer 64 for a file that cannot be read, and check the others", async () => {
    const { code, stdout, stderr } = await run(
      "trust",
      "check",
      "nope.yaml",
      "good.yaml",
      "broken.yaml",
      "Pulumi.yaml",
    );

    assert.equal(stdout, "good.yaml: no problems\n");
    assert.match(
      stderr,
      /^nope.yaml: There is no such file\. .*\nbroken.yaml, line 1, .*\nPulumi.yaml is the file of a Pulumi project\..*\n$/,
    );
    assert.equal(code, 64);
  });

  describe("say what was expected and what was found", () => {
    const expected = "Give a trust document (YAML or JSON) or a stack's file (Pulumi.<stack>.yaml).";
    const kinds =
      "  A trust document has the keys registries and statements, a stack's file (Pulumi.<stack>.yaml) the key config.";
    const neither = (file: string, found: string) =>
      `${file} is neither a trust document nor a stack's file. It ${found}.\n${kinds}`;
    const cases: readonly (readonly [file: string, content: string | undefined, message: string])[] = [
      [
        "pulumi.dev.yaml",
        undefined,
        `pulumi.dev.yaml: There is no such file. Did you mean Pulumi.dev.yaml? ${expected}`,
      ],
      [".", undefined, `.: It is a folder, but a file is expected. ${expected}`],
      ["README.md", "# Title\n\n- [a]: b\n", `README.md is neither YAML nor JSON. ${expected}`],
      ["NOTES.md", "# Title\nSome words.\n", neither("NOTES.md", "holds text without keys")],
      [
        "package.json",
        '{ "name": "a", "version": "1", "license": "x", "bin": {}, "engines": {} }',
        neither("package.json", 'has the keys "name", "version", "license", "bin", ...'),
      ],
      ["empty.yaml", "# nothing yet\n", `empty.yaml is empty, or has nothing but comments.\n${kinds}`],
      ["list.json", "[1]", neither("list.json", "holds a list")],
      ["number.yaml", "7", neither("number.yaml", "holds only 7")],
    ];
    for (const [file, content, message] of cases) {
      it(`${file}`, async () => {
        if (content !== undefined) await writeFile(join(folder, file), content);

        for (const command of [["trust", "check"], ["trust", "show"], ["bottlerocket"]]) {
          const { code, stdout, stderr } = await run(...command, file);

          assert.deepEqual([code, stdout, stderr], [64, "", `${message}\n`]);
        }
      });
    }

    it("and check a document with a misspelt key as what is meant", async () => {
      await writeFile(join(folder, "typo.yaml"), "registres: [self]\n");

      const { code, stdout } = await run("trust", "check", "typo.yaml");

      assert.equal(code, 1);
      assert.match(stdout, /Write registries instead of "registres"/);
    });
  });

  it("print a trust policy for the Notation CLI", async () => {
    const { code, stdout } = await run("trust", "show", "good.yaml", "--policy");

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).trustPolicies[0].trustedIdentities, [release]);
  });

  it("show everything as one JSON document", async () => {
    const { code, stdout } = await run(
      "trust",
      "show",
      "self.yaml",
      "--account",
      account,
      "--region",
      region,
      "--json",
    );

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).unknown, ["self"]);
  });

  it("print Bottlerocket's setting, and tell of exemptions beside it", async () => {
    const place = ["--account", account, "--region", region, "--signing-profile", ownProfile];

    const toml = await run("bottlerocket", "self.yaml", ...place);
    const json = await run("bottlerocket", "self.yaml", ...place, "--json");

    assert.match(toml.stdout, /^\[settings\.image-verifier-plugins\]\nenabled = true\n/);
    assert.match(toml.stderr, /^Note: the node does not know the exemption of "public\.ecr\.aws\/vendor\/agent@/);
    const { trustpolicy } = JSON.parse(json.stdout)["image-verifier-plugins"].notation;
    assert.ok(toml.stdout.includes(trustpolicy));
    assert.deepEqual([toml.code, json.code], [0, 0]);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a document with problems", ["trust", "show", "bad.yaml"], /^bad.yaml has one problem\./],
    [
      "an identity without an ARN",
      ["bottlerocket", "self.yaml", "--account", account, "--region", region],
      /--signing-profile ARN/,
    ],
    [
      "a partition without a root certificate",
      ["trust", "show", "china.yaml"],
      /cannot be verified in the partition aws-cn/,
    ],
    ["what is no account", ["trust", "check", "good.yaml", "--account", "1"], /must be an AWS account: 12 digits/],
    ["what is no region", ["trust", "show", "good.yaml", "--region", "here"], /must be the name of an AWS region/],
    ["what is no signing profile", ["trust", "show", "good.yaml", "--signing-profile", "x"], /is not an ARN/],
    ["what is no stack's profile", ["trust", "show", "good.yaml", "--stack-profile", "x"], /must be stack:NAME=ARN/],
    ["two formats", ["trust", "show", "good.yaml", "--policy", "--json"], /cannot be used with/],
    ["two forms of findings", ["trust", "check", "good.yaml", "--format", "sarif", "--json"], /cannot be used with/],
    ["standard input twice", ["trust", "check", "-", "-"], /^- \(standard input\) can be read only once\.\n$/],
    [
      "an unknown option, and suggest the near one",
      ["trust", "check", "good.yaml", "--strct"],
      /Did you mean --strict\?/,
    ],
    ["an unknown command, and suggest the near one", ["trust", "chek"], /Did you mean check\?/],
    ["a command that is none", ["verfy"], /Did you mean verify\?/],
    ["no file", ["trust", "check"], /missing required argument 'file'/],
  ];
  for (const [what, call, says] of refused) {
    it(`refuse ${what}`, async () => {
      const { code, stdout, stderr } = await run(...call);

      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n {4}at |Unexpected failure/);
      assert.deepEqual([code, stdout], [64, ""]);
    });
  }

  const inputs: readonly (readonly [what: string, input: string, code: number, says: RegExp])[] = [
    [
      "a trust document",
      "registries: [self]\nstatements: [3]\n",
      1,
      /^standard input: 1 problem\n[\s\S]*line 2, statements\[0\]: 3 must be a mapping/,
    ],
    [
      "a stack's file",
      "config:\n  aws:region: eu-west-1\n",
      1,
      /^standard input: 2 problems\n[\s\S]*line 1, ecs-image-verification:mode: \(missing\) is required/,
    ],
    ["nothing", "", 64, /^standard input is empty, or has nothing but comments\.\n/],
  ];
  for (const [what, input, code, says] of inputs) {
    it(`read ${what} from standard input where the file is -`, () => {
      const { status, stdout, stderr } = spawnSync(CLI, ["trust", "check", "-"], { encoding: "utf8", input });

      assert.match(stdout + stderr, says);
      assert.equal(status, code);
    });
  }

  it("are processes that keep the answer and the errors apart, and end with the exit code", () => {
    const start = (...words: readonly string[]) => spawnSync(CLI, words, { cwd: folder, encoding: "utf8" });

    const checked = start("trust", "check", "bad.yaml");
    const unread = start("trust", "check", "bad.yaml", "nope.yaml");

    assert.deepEqual([checked.status, checked.stderr], [1, ""]);
    assert.match(checked.stdout, /^bad\.yaml: 1 problem\n/);
    assert.equal(unread.stdout, checked.stdout);
    assert.match(unread.stderr, /^nope\.yaml: There is no such file\. Give a trust document .*\n$/);
    assert.equal(unread.status, 64);
  });
});
