import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { PACKAGE_ROOT } from "../package-root";
import { DRAFT, documentSchema } from "../trust/document-json-schema";
import { withoutUndefined } from "../trust/text/without-undefined";
import { REGION_PATTERN, stackIdentityForm } from "../trust/value-forms";
import { keyDescriptions } from "./key-descriptions";
import { NAMESPACE } from "./problem";
import { configurationSchema, SECRET_KEYS } from "./schema";

/** Path of the generated schema. */
export const STACK_SCHEMA_FILE = join(PACKAGE_ROOT, "docs/stack.schema.json");

/** The parts of a JSON Schema that are looked at here. */
interface Schema {
  readonly type?: string;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

/** Keys that a stack must have. */
const REQUIRED = ["mode", "trust"] as const;

const ENCRYPTED = { $ref: "#/definitions/encrypted" };

const encrypted: Schema = {
  type: "object",
  description: "A value that Pulumi has encrypted: pulumi config set --secret KEY",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** What Pulumi passes to the program as text, whatever it is in the file: so `"20"` is a number, and `"{}"` a mapping. */
const AS_TEXT: Readonly<Record<string, Schema>> = {
  integer: { type: "string", pattern: "^[0-9]+$" },
  boolean: { type: "string", enum: ["true", "false"] },
  object: { type: "string", pattern: "^\\s*\\{" },
  array: { type: "string", pattern: "^\\s*\\[" },
};

/** The JSON Schema of a stack's file of this project, as text. What it cannot say is in docs/configuration.md. */
export function stackJsonSchema(): string {
  const options = { target: DRAFT, io: "input", unrepresentable: "any" } as const;
  // Keywords beside those of `Schema` are passed on as they are.
  const { properties = {} } = z.toJSONSchema(configurationSchema, options) as Schema;
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:ecs-image-verification:stack",
    $comment: "Generated from configuration/schema.ts and docs/configuration.md: npm run docs:schema",
    title: "A stack of ecs-image-verification",
    description:
      "Pulumi.<stack>.yaml: docs/configuration.md. `ecs-image-verification trust check` also checks what this schema cannot say.",
    type: "object",
    properties: {
      config: configSchema(Object.keys(properties)),
      environment: { description: "Environments of Pulumi ESC, from which more values come." },
      secretsprovider: { type: "string", description: "What encrypts the secrets of this stack." },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    required: ["config"],
    // What is missing here may come from an environment of Pulumi ESC.
    if: { not: { required: ["environment"] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: {
      properties: {
        config: {
          required: ["aws:region"],
          allOf: REQUIRED.map((key) => ({ anyOf: spellings(key).map((spelling) => ({ required: [spelling] })) })),
        },
      },
    },
    definitions: { ...mapValues(properties, topSchema), encrypted },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The ways in which Pulumi accepts a key of the project. */
function spellings(key: string): readonly string[] {
  return [`${NAMESPACE}:${key}`, `${NAMESPACE}:config:${key}`, key];
}

/** Keys of other namespaces are other packages' business. */
function configSchema(keys: readonly string[]): Schema {
  const known = keys.join("|");
  const reference = (key: string) => ({ $ref: `#/definitions/${key}` });
  return {
    type: "object",
    properties: {
      "aws:region": {
        type: "string",
        pattern: REGION_PATTERN,
        description: "The AWS region of the environment. It cannot be changed on a deployed stack.",
      },
      ...Object.fromEntries(keys.map((key) => [`${NAMESPACE}:${key}`, reference(key)])),
    },
    patternProperties: {
      ...Object.fromEntries(keys.map((key) => [`^(?:${NAMESPACE}:config:)?${key}$`, reference(key)])),
      [`^${NAMESPACE}:(?!(?:config:)?(?:${known})$)`]: false,
      [`^(?!(?:${known})$)[^:]*$`]: false,
    },
  };
}

/** The value of a key at the top of the configuration. */
function topSchema(key: string, schema: Schema): Schema {
  const descriptions = keyDescriptions();
  const about = { description: descriptions.get(key) };
  if (SECRET_KEYS.some((secret) => secret === key)) return { ...encrypted, ...about };
  if (key === "trust") return { ...about, anyOf: [documentSchema(stackIdentityForm), ...asText(schema), ENCRYPTED] };
  const { default: standard, ...form } = withParts(schema, key, descriptions);
  return { ...about, default: standard, anyOf: [...(form.anyOf ?? [form]), ...asText(schema), ENCRYPTED] };
}

function asText(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? [schema]).flatMap(({ type = "" }): readonly Schema[] => {
    const form = AS_TEXT[type];
    return form === undefined ? [] : [form];
  });
}

/** A value below a key. A text may be encrypted there; other values would be texts once they are decrypted. */
function partSchema(schema: Schema, path: string, descriptions: ReadonlyMap<string, string>): Schema {
  if (path === "verifier.baseImageTrust") return { description: descriptions.get(path), ...documentSchema() };
  const { default: standard, ...form } = withParts(schema, path, descriptions);
  const about = { description: descriptions.get(path), default: standard };
  return form.type === "string" ? { ...about, anyOf: [form, ENCRYPTED] } : { ...about, ...form };
}

/** The same schema with those of its parts made by {@link partSchema}. */
function withParts(schema: Schema, path: string, descriptions: ReadonlyMap<string, string>): Schema {
  const { properties, items, anyOf } = schema;
  return {
    ...schema,
    ...withoutUndefined({
      anyOf: anyOf?.map((one) => withParts(one, path, descriptions)),
      items: items && partSchema(items, `${path}[]`, descriptions),
      properties: properties && mapValues(properties, (key, part) => partSchema(part, `${path}.${key}`, descriptions)),
    }),
  };
}

function mapValues<From, To>(fields: Readonly<Record<string, From>>, change: (key: string, value: From) => To) {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(key, value)]));
}

if (require.main === module) writeFileSync(STACK_SCHEMA_FILE, stackJsonSchema());
