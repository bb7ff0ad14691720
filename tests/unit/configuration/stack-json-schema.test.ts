import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { keyDescriptions } from "../../../configuration/key-descriptions";
import { configurationKeys } from "../../../configuration/keys";
import { STACK_SCHEMA_FILE, stackJsonSchema } from "../../../configuration/stack-json-schema";
import { documentedExamples } from "../../support/documented-yaml";
import { refusedByStackSchema as refused } from "./stack-schema";
import { LEAST } from "./support";

const checkout = join(__dirname, "../../..");
const ENCRYPTED = { secure: "v1:abc:def" };

/** A stack's file with the least that it must say, and more. */
function file(config: Readonly<Record<string, unknown>> = {}, more: object = {}): unknown {
  const least = Object.entries(LEAST).map(([key, value]) => [`ecs-image-verification:${key}`, value]);
  return { config: { "aws:region": "eu-west-1", ...Object.fromEntries(least), ...config }, ...more };
}

describe("the JSON Schema of a stack's file", () => {
  it("is the one in docs/: npm run docs:schema", () => {
    assert.equal(readFileSync(STACK_SCHEMA_FILE, "utf8"), stackJsonSchema());
  });

  it("says of every key what it is", () => {
    const described = keyDescriptions();

    const undescribed = configurationKeys().filter(({ path }) => !path.endsWith("[]") && !described.has(path));

    assert.deepEqual(undescribed, []);
    for (const [key, text] of described) assert.match(text, /^(?!.*\]\().{5,}\.$/, key);
  });

  it("describes no key that there is not", () => {
    const text = stackJsonSchema();

    for (const [key, description] of keyDescriptions()) {
      // A secret's own form is described as encrypted; a list's entries have no key.
      assert.ok(key.endsWith("[]") || text.includes(JSON.stringify(description).slice(1, -1)), key);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`accepts Pulumi.${stack}.yaml, which names it for editors`, () => {
      const text = readFileSync(join(checkout, `Pulumi.${stack}.yaml`), "utf8");

      const [, named = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
      assert.equal(join(checkout, named), STACK_SCHEMA_FILE);
      assert.deepEqual(refused(parse(text)), []);
    });
  }

  it("accepts the examples of docs/configuration.md", () => {
    const examples = documentedExamples().filter(({ value }) =>
      Object.keys(value).every((key) => /^(?:ecs-image-verification|aws):/.test(key)),
    );

    assert.ok(examples.length >= 2, `${examples.length} examples`);
    for (const example of examples) assert.deepEqual(refused(file({ ...example.value })), [], example.file);
  });

  const accepted: readonly (readonly [string, unknown])[] = [
    ["keys of other packages", file({ "aws:defaultTags": { tags: {} }, "acme-web:port": 80, "pulumi:tags": {} })],
    ["a key without its namespace", file({ stopBudget: 5 })],
    ["a key with config in its name", file({ "ecs-image-verification:config:stopBudget": 5 })],
    ["a number in quotes, as pulumi config set writes it", file({ "ecs-image-verification:stopBudget": "20" })],
    ["true in quotes", file({ "ecs-image-verification:protect": "true" })],
    ["a mapping as JSON in quotes", file({ "ecs-image-verification:sweep": '{"mode":"audit"}' })],
    ["false for break-glass exemptions", file({ "ecs-image-verification:breakGlass": "false" })],
    ["an encrypted secret", file({ "ecs-image-verification:slackWebhookUrl": ENCRYPTED })],
    ["an encrypted value", file({ "ecs-image-verification:eventBus": ENCRYPTED })],
    [
      "an encrypted text inside a mapping",
      file({ "ecs-image-verification:notifications": { https: [{ url: ENCRYPTED }] } }),
    ],
    ["what Pulumi itself writes", file({}, { encryptionsalt: "v1:abc", secretsprovider: "passphrase" })],
    ["a file that gets the rest from Pulumi ESC", { environment: ["shared"], config: {} }],
    [
      "the signing profile of another stack",
      file({
        "ecs-image-verification:trust": {
          registries: ["self"],
          statements: [{ name: "release", repositories: ["*"], identities: ["stack:signing", "stack:acme/p/signing"] }],
        },
      }),
    ],
  ];
  for (const [what, value] of accepted) it(`accepts ${what}`, () => assert.deepEqual(refused(value), []));

  const refusals: readonly (readonly [string, unknown])[] = [
    ["an unknown key", file({ "ecs-image-verification:verdictTtl": 60 })],
    ["an unknown key without its namespace", file({ verdictTtl: 60 })],
    ["a wrong value under another spelling of the key", file({ stopBudget: "many" })],
    ["a secret in plain text", file({ "ecs-image-verification:slackWebhookUrl": "https://hooks.slack.example/x" })],
    ["an encrypted number inside a mapping", file({ "ecs-image-verification:sweep": { everyHours: ENCRYPTED } })],
    ["a file without config", {}],
    ["a trust document as a file of its own", LEAST.trust],
  ];
  for (const [what, value] of refusals) it(`refuses ${what}`, () => assert.notDeepEqual(refused(value), []));
});
