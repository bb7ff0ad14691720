import * as z from "zod";
import { faultSchema } from "./protocol";

/** The answer of `notation-verifier inspect`. `inspection.go` explains each field. */

export const artifactSchema = z.strictObject({ mediaType: z.string(), digest: z.string(), size: z.number() });
const namedTexts = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/** What Signer says of a signature. */
export const revocationSchema = z.strictObject({
  status: z.enum(["not-revoked", "revoked", "unknown"]),
  detail: z.string().nullable(),
});

const contents = z.strictObject({
  mediaType: z.string(),
  algorithm: z.string(),
  scheme: z.string(),
  profileVersion: z.string().nullable(),
  job: z.string().nullable(),
  signingTime: z.string(),
  expiry: z.string().nullable(),
  expired: z.boolean(),
  attributes: namedTexts,
  artifact: artifactSchema.nullable(),
  forThisImage: z.boolean(),
  metadata: namedTexts,
  signingAgent: z.string().nullable(),
  certificates: z.array(
    z.strictObject({
      subject: z.string(),
      issuer: z.string(),
      notBefore: z.string(),
      notAfter: z.string(),
      sha256: z.string(),
    }),
  ),
  intact: z.boolean(),
  broken: z.string().nullable(),
  rootTrusted: z.boolean(),
  revocation: revocationSchema,
});

const signature = z.strictObject({
  digest: z.string(),
  unreadable: faultSchema.nullable(),
  contents: contents.nullable(),
});

export const inspectionSchema = z.strictObject({
  reference: z.string(),
  image: artifactSchema.nullable(),
  signatures: z.array(signature),
  more: z.boolean(),
  error: faultSchema.nullable(),
});

export type SignatureContents = z.infer<typeof contents>;
export type InspectedSignature = z.infer<typeof signature>;
export type Inspection = z.infer<typeof inspectionSchema>;
