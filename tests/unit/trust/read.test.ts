import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTrustDocument, TrustDocumentError, TrustFileError } from "../../../trust";
import { digest, now, release } from "./documents";

const yaml = `# who may sign
registries: [self, registry.example.com]
statements:
  - name: release
    repositories: ["*"]
    identities:
      - self
      - ${release}
exemptions:
  - image: public.ecr.aws/vendor/agent@${digest}
    owner: platform-team
    reason: >-
      vendor image,
      not signed by us
    expires: 2027-03-31
`;

const content = {
  registries: ["self", "registry.example.com"],
  statements: [{ name: "release", repositories: ["*"], identities: ["self", release] }],
  exemptions: [
    {
      image: `public.ecr.aws/vendor/agent@${digest}`,
      owner: "platform-team",
      reason: "vendor image, not signed by us",
      expires: "2027-03-31",
    },
  ],
};

describe("readTrustDocument", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "trust-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function file(text: string | Buffer, name = "trust.yaml"): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  async function refused(text: string | Buffer): Promise<TrustFileError> {
    const path = await file(text);
    try {
      await readTrustDocument(path, { now });
    } catch (error) {
      assert.ok(error instanceof TrustFileError, String(error));
      assert.equal(error.file, path);
      return error;
    }
    return assert.fail("the file was accepted");
  }

  it("reads YAML", async () => {
    assert.deepEqual(await readTrustDocument(await file(yaml), { now }), content);
  });

  const slips: readonly (readonly [string, string, RegExp])[] = [
    ["a star without quotes", "repositories: [*]", /line 1.*an alias. Write "\*" in quotes/],
    ["a star without quotes in a list of lines", "repositories:\n  - *\n", /line 2, column 5: .*Write "\*" in quotes/],
    [
      "a star without quotes before more text",
      "a: 1\nrepositories: [ */app ]\n",
      /line 2, column 17: .*an alias, and nothing above has the anchor "&\/app"\. Write "\*\/app" in quotes/,
    ],
    [
      "an alias of what is around it",
      "a: &x\n  - *x\n",
      /line 2, column 5: .*"\*x" stands for something that contains it/,
    ],
    ["an entry that is indented otherwise", "a:\n  - b: 1\n c: 2\n", /in the same column|indented alike/],
    ["no space after the colon", "a: 1\nmaxAgeDays:90\nb: 2\n", /followed by a colon and a space/],
  ];
  for (const [what, text, message] of slips) {
    it(`says what to do about ${what}`, async () => {
      await assert.rejects(readTrustDocument(await file(text)), message);
    });
  }

  it("reads YAML with a byte order mark and Windows line ends", async () => {
    const path = await file(`\ufeff${yaml.replaceAll("\n", "\r\n")}`);
    assert.deepEqual(await readTrustDocument(path, { now }), content);
  });

  it("reads JSON", async () => {
    const path = await file(JSON.stringify(content), "trust.json");
    assert.deepEqual(await readTrustDocument(path, { now }), content);
  });

  it("hands the options on", async () => {
    const path = await file(yaml);
    const late = new Date("2030-01-01T00:00:00Z");
    await assert.rejects(readTrustDocument(path, { now: late }), TrustDocumentError);
    assert.equal((await readTrustDocument(path, { now: late, expiredExemptions: "keep" })).exemptions.length, 1);
  });

  it("accepts a few aliases", async () => {
    const text = `${yaml.replace("[self, registry.example.com]", "&all [self, registry.example.com]")}`;
    const aliased = text
      .replace("name: release", "name: &name release")
      .replace("owner: platform-team", "owner: *name");
    const read = await readTrustDocument(await file(aliased), { now });
    assert.equal(read.exemptions[0]?.owner, "release");
  });

  it("names the file when its content is not a trust document", async () => {
    const path = await file("registries: [self]\nstatements: []\n");
    await assert.rejects(readTrustDocument(path), {
      name: "TrustDocumentError",
      message: `${path} has one problem.\n\nstatements: [] must have at least one entry.`,
    });
  });

  it("takes an empty file for a document in which everything is missing", async () => {
    const path = await file("");
    await assert.rejects(readTrustDocument(path), { name: "TrustDocumentError" });
  });

  it("names the file when it is not there", async () => {
    const path = join(folder, "absent.yaml");
    await assert.rejects(readTrustDocument(path), {
      name: "TrustFileError",
      message: `${path}: There is no such file.`,
    });
  });

  it("suggests the file whose name is near", async () => {
    const path = await file(yaml);
    await assert.rejects(readTrustDocument(path.replace("trust.yaml", "Trust.yml")), {
      message: `${path.replace("trust.yaml", "Trust.yml")}: There is no such file. Did you mean ${path}?`,
    });
  });

  it("says that a folder is none, and that a path goes through a file", async () => {
    const path = await file(yaml);
    await assert.rejects(readTrustDocument(folder), {
      message: `${folder}: It is a folder, but a file is expected.`,
    });
    await assert.rejects(readTrustDocument(join(path, "trust.yaml")), {
      message: `${join(path, "trust.yaml")}: A part of its path is a file, not a folder.`,
    });
  });

  it("says what is wrong with a tab and with a key that is no text", async () => {
    assert.match(
      (await refused("registries:\n\t- self\n")).message,
      /line 2, column 1: The line starts with a tab.* spaces only\.$/,
    );
    assert.match((await refused("# A heading\n\n[one]: two\n")).message, /: A key of a mapping must be text\.$/);
  });

  it("names line and column of a syntax error", async () => {
    const error = await refused("registries: [self]\nstatements: [}\n");
    assert.deepEqual(error.position, { line: 2, column: 14 });
    assert.ok(error.message.startsWith(`${error.file}, line 2, column 14: `), error.message);
  });

  it("refuses the same key twice", async () => {
    const error = await refused("registries: [self]\nregistries: [evil.example]\n");
    assert.equal(
      error.message,
      `${error.file}, line 2, column 1: The same key appears twice in one mapping. Remove one of them.`,
    );
  });

  it("refuses the same key twice in JSON", async () => {
    const error = await refused('{"registries": ["self"], "registries": []}');
    assert.deepEqual(error.position, { line: 1, column: 26 });
  });

  it("refuses several documents in a file", async () => {
    const error = await refused(`${yaml}---\n${yaml}`);
    assert.equal(
      error.message,
      `${error.file}, line 16, column 1: The file has more than one YAML document. Keep one trust document in each file.`,
    );
  });

  it("refuses tags that it does not know", async () => {
    const error = await refused("registries: !!js/function [self]\n");
    assert.deepEqual(error.position, { line: 1, column: 13 });
  });

  it("refuses an alias bomb", async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const entries = Array.from({ length: 9 }, () => (level === 0 ? "x" : `*l${level - 1}`));
      return `l${level}: &l${level} [${entries.join(", ")}]`;
    });
    const error = await refused(levels.join("\n"));
    assert.match(error.message, /aliases cannot be resolved: .* Write the document without aliases\.$/);
  });

  it("refuses an alias to nothing, and a list that contains itself", async () => {
    await refused("registries: *nothing\n");
    await refused("registries: &a [*a]\n");
    await refused("registries: &a [{ b: [*a] }]\n");
  });

  it("refuses a file that is too long", async () => {
    const error = await refused(Buffer.alloc(256 * 1024 + 1, "#"));
    assert.equal(error.message, `${error.file}: The file has 262145 bytes; at most 262144 are read.`);
  });
});
