import * as z from "zod";

/** What `sign --json` prints. */
export const signedSchema = z.strictObject({
  reference: z.string(),
  digest: z.string(),
  tag: z.string().nullable(),
  alreadySigned: z.boolean(),
  revocation: z.enum(["not-revoked", "unknown"]).nullable(),
  signature: z.strictObject({
    digest: z.string(),
    profileVersion: z.string(),
    job: z.string(),
    signingTime: z.iso.datetime(),
    expiry: z.iso.datetime(),
  }),
  verdict: z.null(),
});
