import assert from "node:assert/strict";
import * as z from "zod";
import type { Requirement } from "../../../../trust/signers";
import { inspectionSchema } from "../../../../verifier/src/notation/inspect-protocol";
import {
  CHECKS,
  FAULT_KINDS,
  faultSchema,
  type RegistryCredentials,
  readySchema,
  resultSchema,
  type SignatureSource,
  STAGES,
  signatureFactSchema,
  type VerificationRequest,
} from "../../../../verifier/src/notation/protocol";
import { signedSchema, signFailureSchema } from "../../../../verifier/src/notation/sign-protocol";
import { constantsOf, fieldsOf, type GoField } from "./go-structs";

const [ready, notReady] = readySchema.options;
const inspected = inspectionSchema.shape.signatures.element;
const contents = inspected.shape.contents.unwrap();

/** The structs of the Go program, each with what reads it here. */
const ANSWERS: readonly (readonly [struct: string, schema: z.ZodObject])[] = [
  ["Ready", ready],
  ["PluginVersion", ready.shape.plugin],
  ["NotReady", notReady],
  ["Result", resultSchema],
  ["SignatureFact", signatureFactSchema],
  ["Fault", faultSchema],
  ["Signed", signedSchema],
  ["SignFailure", signFailureSchema],
  ["Inspection", inspectionSchema],
  ["Artifact", inspectionSchema.shape.image.unwrap()],
  ["InspectedSignature", inspected],
  ["SignatureContents", contents],
  ["NamedText", contents.shape.attributes.element],
  ["Certificate", contents.shape.certificates.element],
  ["Revocation", contents.shape.revocation],
];

/** Pointers of Go that are never nil, which the type does not say. */
const NEVER_NULL: ReadonlySet<string> = new Set(["SignFailure.error"]);

/** Fields of a type, checked by the compiler: none is missing, and none too many. */
type Presence<Type> = { readonly [Key in keyof Type]-?: object extends Pick<Type, Key> ? "optional" : "required" };

const REQUEST: Presence<VerificationRequest & { readonly id: string }> = {
  id: "required",
  reference: "required",
  credentials: "optional",
  ecr: "optional",
  deadlineMs: "required",
  maxSignatures: "optional",
  require: "optional",
  notBefore: "optional",
  remembered: "optional",
  awaitsRemembered: "optional",
  elsewhere: "optional",
};
const ELSEWHERE: Presence<SignatureSource> = { repository: "required", credentials: "optional", ecr: "optional" };
const REQUIREMENT: Presence<Requirement> = { identities: "required", atLeast: "required" };
const CREDENTIALS: Presence<RegistryCredentials> = {
  username: "required",
  password: "required",
  tokenServer: "optional",
  identityToken: "optional",
};

/** The fields of a schema, in the words of Go's. */
function schemaFields(schema: z.ZodObject): Readonly<Record<string, GoField>> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema);
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]): [string, GoField] => {
      const [type = "", ...others] = typesOf(property);
      const presence = others.includes("null") ? "nullable" : required.includes(key) ? "required" : "optional";
      return [key, { presence, type }];
    }),
  );
}

function typesOf(schema: z.core.JSONSchema._JSONSchema): readonly string[] {
  if (typeof schema === "boolean") return [];
  return schema.anyOf?.flatMap(typesOf) ?? [schema.type ?? []].flat();
}

describe("the protocol with the notation process", () => {
  for (const [struct, schema] of ANSWERS) {
    it(`is read as the Go program writes it: ${struct}`, () => {
      const written = Object.entries(fieldsOf(struct)).map(([key, field]) =>
        NEVER_NULL.has(`${struct}.${key}`) ? [key, { ...field, presence: "required" }] : [key, field],
      );

      assert.deepEqual(schemaFields(schema), Object.fromEntries(written));
    });
  }

  for (const [struct, presence] of [
    ["Request", REQUEST],
    ["Credentials", CREDENTIALS],
    ["Elsewhere", ELSEWHERE],
    ["Requirement", REQUIREMENT],
  ] as const) {
    it(`is written as the Go program reads it: ${struct}`, () => {
      const read = Object.entries(fieldsOf(struct)).map(([key, field]) => [key, field.presence]);

      assert.deepEqual(presence, Object.fromEntries(read));
    });
  }

  it("has the same words on both sides, checks in the order in which they are made", () => {
    assert.deepEqual(CHECKS, constantsOf("Check"));
    assert.deepEqual(STAGES, constantsOf("Stage"));
    assert.deepEqual(FAULT_KINDS, constantsOf("Kind"));
    assert.deepEqual(resultSchema.shape.outcome.options, constantsOf("Outcome"));
    assert.deepEqual(contents.shape.revocation.shape.status.options, constantsOf("RevocationStatus"));
  });
});
