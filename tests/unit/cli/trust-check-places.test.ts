import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { stringify } from "yaml";
import { githubCommand } from "../../../cli/trust/check-github";
import { type Annotation, FINDING_KINDS } from "../../../cli/trust/check-report";
import { sarifLog } from "../../../cli/trust/check-sarif";
import { document, exemption, statement } from "../trust/documents";
import { callHere } from "./call-here";

const DOCUMENT = `# whom we trust
registries:
  - self
  - registry.example.com
statements:
  - name: release
    identities: ["*"]
exemptions: []
level: audit
`;

const STACK = `config:
  aws:region: eu-wset-1
  ecs-image-verification:mode: audit
  ecs-image-verification:logs: { kmsKeyArn: "arn:aws:kms:eu-wset-1:111122223333:key/a" }
  ecs-image-verification:trust:
    registries: [self]
    statements:
      - name: release
        repositories: ["*"]
        identities:
          - arn:aws:signer:eu-wset-1:111122223333:/signing-profiles/release
`;

const WRONG_STACK = `config:
  aws:region: eu-west-1
  ecs-image-verification:mode: block
  ecs-image-verification:notifications.slack.statuses[0]: denied
  clusters:
    - web
  ecs-image-verification:config:stopBudget: many
  ecs-image-verifcation:mode: audit
`;

/** What GitHub requires of a SARIF log (GitHub Docs, "SARIF support for code scanning", the tables of properties). */
const text = {
  type: "object",
  required: ["text"],
  properties: { text: { type: "string", minLength: 1, maxLength: 1024 } },
};
const number = { type: "integer", minimum: 1 };
const REQUIRED_BY_GITHUB = {
  type: "object",
  required: ["$schema", "version", "runs"],
  properties: {
    $schema: { type: "string", pattern: "sarif-2\\.1\\.0\\.json$" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["tool", "results"],
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            properties: {
              driver: {
                type: "object",
                required: ["name", "rules"],
                properties: {
                  rules: {
                    type: "array",
                    items: {
                      type: "object",
                      required: ["id", "shortDescription", "fullDescription", "help"],
                      properties: { shortDescription: text, fullDescription: text, help: text },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: "array",
            items: {
              type: "object",
              required: ["ruleId", "message", "locations", "partialFingerprints"],
              properties: {
                level: { enum: ["error", "warning"] },
                message: { type: "object", required: ["text"] },
                partialFingerprints: { type: "object", required: ["primaryLocationLineHash"] },
                locations: {
                  type: "array",
                  minItems: 1,
                  maxItems: 1,
                  items: {
                    type: "object",
                    required: ["physicalLocation"],
                    properties: {
                      physicalLocation: {
                        type: "object",
                        required: ["artifactLocation", "region"],
                        properties: {
                          artifactLocation: {
                            type: "object",
                            required: ["uri"],
                            properties: { uri: { type: "string", pattern: "^[A-Za-z0-9._~%/-]+$" } },
                          },
                          region: {
                            type: "object",
                            required: ["startLine", "startColumn", "endLine", "endColumn"],
                            properties: { startLine: number, startColumn: number, endLine: number, endColumn: number },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
const validate = new Ajv({ allErrors: true, strictRequired: false }).compile(REQUIRED_BY_GITHUB);

describe("trust check says where", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "places-"));
    const files = {
      "trust.yaml": DOCUMENT,
      "Pulumi.dev.yaml": STACK,
      "Pulumi.wrong.yaml": WRONG_STACK,
      "broken.yaml": "registries: [self]\nstatements: [*]\n",
      "good.yaml": stringify(document({ registries: ["registry.example.com"] })),
      "trust.json": JSON.stringify(document({ exemptions: [exemption({ owner: 7 })] }), null, 2),
      "a, b.yaml": stringify(document({ statements: [statement({ name: "50%: a\nb" })] })),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const check = (...words: readonly string[]) => callHere(folder, "trust", "check", ...words);
  const places = async (file: string) => {
    const { stdout } = await check(file, "--json");
    const { problems, warnings }: Record<string, { path: string; line: number; column: number }[]> = JSON.parse(stdout);
    return [...(problems ?? []), ...(warnings ?? [])].map(({ path, line, column }) => `${path} ${line}:${column}`);
  };

  it("a problem is; of what is missing, the mapping in which it is", async () => {
    assert.deepEqual(await places("trust.yaml"), [
      "statements[0].repositories 6:5",
      "statements[0].identities[0] 7:18",
      "level 9:1",
    ]);
  });

  it("a problem of JSON is", async () => {
    assert.deepEqual(await places("trust.json"), ["exemptions[0].owner 20:7"]);
  });

  it("a warning is, in a stack's file by the keys of the configuration", async () => {
    assert.deepEqual(await places("Pulumi.dev.yaml"), [
      "aws:region 2:3",
      "ecs-image-verification:logs.kmsKeyArn 4:34",
      "ecs-image-verification:trust.statements[0].identities[0] 11:13",
    ]);
  });

  it("a problem of a stack's file is, however its key is spelled", async () => {
    assert.deepEqual((await places("Pulumi.wrong.yaml")).sort(), [
      'config["ecs-image-verifcation:mode"] 8:3',
      'ecs-image-verification:["notifications.slack.statuses[0]"] 4:3',
      "ecs-image-verification:clusters[0] 6:7",
      "ecs-image-verification:mode 3:3",
      "ecs-image-verification:stopBudget 7:3",
      "ecs-image-verification:trust 1:1",
    ]);
  });

  it("to people", async () => {
    const { stdout } = await check("trust.yaml");

    assert.match(stdout, /\n {2}PROBLEM {2}line 7, statements\[0\]\.identities\[0\]: "\*" would trust/);
  });

  it("to GitHub, as a workflow command for each finding, also of a file that cannot be read", async () => {
    const { code, stdout, stderr } = await check(
      "good.yaml",
      "a, b.yaml",
      "Pulumi.dev.yaml",
      "broken.yaml",
      "--format",
      "github",
    );

    const lines = stdout.trimEnd().split("\n");
    assert.match(
      lines[0] ?? "",
      /^::error file=a%2C b\.yaml,line=5,col=5,title=The configuration of trust has a problem::statements\[0\]\.name: "50%25: a\\nb" is not a name/,
    );
    assert.match(lines[1] ?? "", /^::warning file=Pulumi\.dev\.yaml,line=2,col=3,title=[^:]*::aws:region: "eu-wset-1"/);
    assert.match(
      lines.at(-1) ?? "",
      /^::error file=broken\.yaml,line=2,col=14,title=The file cannot be used::.*Write "\*" in quotes\.$/,
    );
    assert.equal(lines.length, 5);
    assert.match(stderr, /^broken\.yaml, line 2/);
    assert.equal(code, 64);
  });

  it("to code scanning, as one log of SARIF with what GitHub requires", async () => {
    const files = ["good.yaml", "trust.yaml", "a, b.yaml", "Pulumi.dev.yaml", "broken.yaml", "nope.yaml"];
    const { code, stdout } = await check(...files, "--format", "sarif");

    const log = JSON.parse(stdout);
    validate(log);
    assert.deepEqual(validate.errors ?? [], []);
    const [{ tool, results }] = log.runs;
    const uris = new Set(
      results.map(
        (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
          result.locations[0]?.physicalLocation.artifactLocation.uri,
      ),
    );
    assert.deepEqual([...uris], ["trust.yaml", "a%2C%20b.yaml", "Pulumi.dev.yaml", "broken.yaml", "nope.yaml"]);
    for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    assert.equal(code, 64);
  });

  it("nothing where there is nothing to say", async () => {
    const github = await check("good.yaml", "--format", "github");
    const sarif = await check("good.yaml", "--format", "sarif");

    assert.deepEqual([github.code, github.stdout], [0, ""]);
    validate(JSON.parse(sarif.stdout));
    assert.deepEqual([validate.errors, JSON.parse(sarif.stdout).runs[0].results], [null, []]);
  });

  it("relative to the current folder, for a file that is given by its whole path", async () => {
    const { stdout } = await check(join(folder, "trust.yaml"), "--format", "github");

    assert.match(stdout, /^::error file=trust\.yaml,/);
  });
});

describe("a finding for GitHub", () => {
  const annotation: Annotation = {
    kind: "trust-problem",
    level: "error",
    file: "a:b\n::error::c.yaml",
    position: { line: 3, column: 1 },
    message: "first\n::error::second %0A",
  };

  it("stays one command, whatever is in names and texts", () => {
    assert.equal(
      githubCommand(annotation),
      `::error file=a%3Ab%0A%3A%3Aerror%3A%3Ac.yaml,line=3,col=1,title=${FINDING_KINDS["trust-problem"]}::first%0A::error::second %250A`,
    );
  });

  it("stays the same one in a SARIF log when it moves to another line", () => {
    const fingerprintAt = (line: number) => {
      const log = JSON.parse(sarifLog([{ ...annotation, position: { line, column: 1 } }]));
      return log.runs[0].results[0].partialFingerprints;
    };

    assert.deepEqual(fingerprintAt(3), fingerprintAt(30));
  });
});
