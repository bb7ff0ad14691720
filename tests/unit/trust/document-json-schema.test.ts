import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "yaml";
import { DOCUMENT_SCHEMA_FILE, documentJsonSchema } from "../../../trust/document-json-schema";
import { IdentityInvalidError, readIdentity } from "../../../trust/identity";
import { registryFinding } from "../../../trust/registry-entry";
import { secretFinding, tokenServerFinding } from "../../../trust/registry-login";
import { exemptionImageFinding, repositoryFinding } from "../../../trust/repository-entry";
import {
  exemptionImageForm,
  identityForm,
  registryForm,
  repositoryForm,
  secretForm,
  tokenServerForm,
  type ValueForm,
} from "../../../trust/value-forms";
import { documentedExamples } from "../../support/documented-yaml";
import { refusedByDocumentSchema as refused } from "./document-schema";
import { digest, document, exemption, ownRegistry, release, statement } from "./documents";

describe("the JSON Schema of a trust document", () => {
  it("is the one in docs/: npm run docs:schema", () => {
    assert.equal(readFileSync(DOCUMENT_SCHEMA_FILE, "utf8"), documentJsonSchema());
  });

  it("says of every key what it is", () => {
    const undescribed: string[] = [];
    const look = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties = {}, items, anyOf = [] } = schema as Readonly<Record<string, object & unknown[]>>;
      for (const [key, field] of Object.entries<{ description?: string }>(properties)) {
        if (field.description === undefined) undescribed.push(`${path}.${key}`);
        look(field, `${path}.${key}`);
      }
      look(items, `${path}[]`);
      for (const one of anyOf) look(one, path);
    };

    look(JSON.parse(documentJsonSchema()), "");

    assert.deepEqual(undescribed, []);
  });

  it("accepts the examples of the documents", () => {
    const examples = documentedExamples().filter(({ value }) => "registries" in value);

    assert.ok(examples.length >= 2, `${examples.length} examples`);
    for (const { file, value } of examples) assert.deepEqual(refused(value), [], file);
  });

  it("accepts a date without quotes, as YAML has it", () => {
    assert.deepEqual(refused(document({ exemptions: [exemption({ expires: parse("2027-03-31") })] })), []);
  });

  const refusals: readonly (readonly [string, Record<string, unknown>])[] = [
    ["both identities and require", { require: [{ identities: ["self"] }] }],
    ["neither identities nor require", { identities: undefined }],
    ["* beside another repository", { repositories: ["*", "self/app"] }],
    ["signaturesFrom with *", { signaturesFrom: "self/app" }],
    ["a repository twice", { repositories: ["self/app", "self/app"] }],
    ["more signers than may be required", { identities: undefined, require: [{ identities: [release], atLeast: 6 }] }],
    ["an age in quotes", { maxAgeDays: "90" }],
    ["the profile of another stack, which only a stack's file knows", { identities: ["stack:signing"] }],
  ];
  for (const [what, fields] of refusals) {
    it(`refuses ${what}`, () => assert.notDeepEqual(refused(document({ statements: [statement(fields)] })), []));
  }
});

describe("the patterns of the JSON Schema are never narrower than the reader:", () => {
  const identityFinding = (text: string) =>
    text === "self" || !(readIdentity(text) instanceof IdentityInvalidError) ? undefined : text;
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
  const path = fc.stringMatching(/^[a-z0-9]{1,3}((\.|_|__|--)[a-z0-9]{1,3})?(\/[a-z0-9]{1,3}){0,2}$/);
  const port = fc.constantFrom("", ":5000", ":0", ":65535", ":x");
  const host = fc.oneof(
    fc.tuple(fc.array(label, { minLength: 1, maxLength: 4 }), port).map(([labels, end]) => `${labels.join(".")}${end}`),
    fc.constantFrom(ownRegistry, "localhost", "self", "docker.io", "127.0.0.1:5000", "[::1]:5000", "[::1]", "a"),
    fc.constantFrom("111122223333.dkr-ecr.eu-west-1.on.aws", "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com"),
  );
  const name = fc.oneof(
    fc.tuple(host, path).map(([first, rest]) => `${first}/${rest}`),
    fc.constantFrom("*", "docker.io/library/nginx"),
  );
  const image = fc
    .tuple(name, fc.constantFrom("", `@${digest}`, `@sha512:${"b".repeat(128)}`))
    .map(([first, rest]) => first + rest);
  const arn = (service: string, resource: fc.Arbitrary<string>) =>
    fc
      .tuple(
        fc.constantFrom("aws:eu-west-1", "aws-us-gov:us-gov-west-1", "aws-cn:cn-north-1", "aws-eusc:eusc-de-east-1"),
        resource,
      )
      .map(([place, rest]) => `arn:${place.replace(":", `:${service}:`)}:111122223333:${rest}`);
  const profile = fc.stringMatching(/^\/signing-profiles\/[A-Za-z0-9_]{1,4}(\/[A-Za-z0-9]{9,10})?$/);
  const secret = fc.stringMatching(/^secret:[A-Za-z0-9/_+=.@-]{1,4}-[A-Za-z0-9]{6}$/);

  const cases: readonly (readonly [string, ValueForm, (text: string) => unknown, fc.Arbitrary<string>])[] = [
    ["a registry", registryForm, registryFinding, host],
    ["a token server", tokenServerForm, tokenServerFinding, host],
    ["a repository", repositoryForm, repositoryFinding, name],
    ["an exempted image", exemptionImageForm, exemptionImageFinding, image],
    ["an identity", identityForm, identityFinding, arn("signer", profile)],
    ["a secret", secretForm, secretFinding, arn("secretsmanager", secret)],
  ];
  for (const [what, { pattern = "" }, findingOf, texts] of cases) {
    it(what, () => {
      const form = new RegExp(pattern, "u");
      let accepted = 0;
      fc.assert(
        fc.property(texts, (text) => {
          if (findingOf(text) !== undefined) return;
          accepted += 1;
          assert.match(text, form);
        }),
        { numRuns: 500 },
      );
      assert.ok(accepted > 50, `only ${accepted} were accepted by the reader`);
    });
  }
});
