import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDocument } from "yaml";
import * as z from "zod";

const document = readFileSync(resolve(__dirname, "../../../docs/ci.md"), "utf8");
const blocks = (language: string) =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const policySchema = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.literal("Allow"),
      Action: oneOrMore,
      Resource: oneOrMore.optional(),
      Principal: z.record(z.string(), z.string()).optional(),
      Condition: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    }),
  ),
});

/** What has no narrower resource: docs.aws.amazon.com, service authorization reference; for Signer see docs/ci.md. */
const EVERY_RESOURCE = ["ecr:GetAuthorizationToken", "signer:GetRevocationStatus"];

describe("docs/ci.md", () => {
  const policies = blocks("json").map((text) => policySchema.parse(JSON.parse(text)));
  const statements = policies.flatMap(({ Statement }) => Statement);

  it("has pipelines that can be read", () => {
    const pipelines = blocks("yaml").map((text) => parseDocument(text));
    assert.equal(pipelines.length, 3);
    assert.deepEqual(
      pipelines.flatMap(({ errors }) => errors),
      [],
    );
  });

  it("allows no action by a pattern, and every resource only to what has no narrower one", () => {
    const permissions = statements.filter(({ Resource }) => Resource !== undefined);
    assert.ok(permissions.length > 0);
    for (const { Action, Resource = [] } of permissions) {
      assert.deepEqual(
        Action.filter((action) => action.includes("*")),
        [],
      );
      if (Resource.some((resource) => resource.includes("*"))) {
        assert.deepEqual(
          Action.filter((action) => !EVERY_RESOURCE.includes(action)),
          [],
        );
      }
    }
  });

  it("lets nobody take a role but one branch or one project, without patterns", () => {
    const trusts = statements.filter(({ Principal }) => Principal !== undefined);
    assert.equal(trusts.length, 3);
    for (const { Condition = {} } of trusts) {
      assert.deepEqual(Object.keys(Condition), ["StringEquals"]);
      const values = Object.entries(Condition.StringEquals ?? {});
      assert.ok(values.some(([key]) => key.endsWith(":sub") || key === "aws:SourceArn"));
      for (const [key, value] of values) assert.doesNotMatch(value, /\*/, key);
    }
  });
});
