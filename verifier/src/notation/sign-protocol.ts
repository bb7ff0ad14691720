import * as z from "zod";
import { revocationSchema } from "./inspect-protocol";
import { faultSchema, signatureFactSchema } from "./protocol";

/** The answer of `notation-verifier sign`. `signed.go` explains each field. */

/** The image, and the signature that it has now. */
export const signedSchema = z.object({
  reference: z.string(),
  digest: z.string(),
  signature: signatureFactSchema,
  /** Of a signature that was there before. A new one lacks it. */
  earlier: revocationSchema.optional(),
});

export type Signed = z.infer<typeof signedSchema>;

/** Why there is no signature. */
export const signFailureSchema = z.object({ error: faultSchema });

export const signingAnswerSchema = z.union([signedSchema, signFailureSchema]);

export type SigningAnswer = z.infer<typeof signingAnswerSchema>;
