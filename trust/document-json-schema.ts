import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { PACKAGE_ROOT } from "../package-root";
import { everyRepository } from "./repository-entry";
import { registryForms, trustDocumentSchema } from "./schema";
import type { ValueForm } from "./value-forms";

/** Path of the generated schema. */
export const DOCUMENT_SCHEMA_FILE = join(PACKAGE_ROOT, "docs/trust-document.schema.json");

/** The draft that editors know best. */
export const DRAFT = "draft-7";

/** Rules between the keys of a statement, which zod cannot express in JSON Schema. */
const OF_STATEMENT = {
  oneOf: [{ required: ["identities"] }, { required: ["require"] }],
  if: { properties: { repositories: { contains: { const: everyRepository } } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { repositories: { maxItems: 1 }, signaturesFrom: false } },
};

/**
 * The JSON Schema of a trust document, without head. What it cannot say is in docs/trust-document.md.
 *
 * @param identity the form of identities, if it is another than in a file of its own.
 */
export function documentSchema(identity?: ValueForm): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(trustDocumentSchema, {
    target: DRAFT,
    io: "input",
    unrepresentable: "any",
    override({ jsonSchema, path }) {
      if (identity !== undefined && path.at(-2) === "identities") Object.assign(jsonSchema, identity);
      if (path.at(-2) === "registries") Object.assign(jsonSchema, { anyOf: registryForms.map(toForm) });
      if (path.at(-2) === "statements") Object.assign(jsonSchema, OF_STATEMENT);
      if (path.at(-1) === "repositories") Object.assign(jsonSchema, { uniqueItems: true });
    },
  });
  return schema;
}

function toForm(form: (typeof registryForms)[number]) {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { target: DRAFT, io: "input", unrepresentable: "any" });
  return schema;
}

/** The JSON Schema of a file that is a trust document, as text. */
export function documentJsonSchema(): string {
  const head = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:ecs-image-verification:trust-document",
    $comment: "Generated from trust/schema.ts: npm run docs:schema",
    title: "Trust document",
    description:
      "Whom an environment trusts: docs/trust-document.md. `ecs-image-verification trust check` also checks what this schema cannot say.",
  };
  return `${JSON.stringify({ ...head, ...documentSchema() }, null, 2)}\n`;
}

if (require.main === module) writeFileSync(DOCUMENT_SCHEMA_FILE, documentJsonSchema());
