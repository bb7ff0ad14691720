import * as z from "zod";
import { signatureJson } from "./verdict-output";

/** Why `notation-verifier sign` or `inspect` could not do something; the meaning of the fields is in its protocol.go. */
export const faultSchema = z.object({
  stage: z.string().optional(),
  kind: z.string(),
  status: z.number().optional(),
  detail: z.string(),
});

export type CommandFault = z.infer<typeof faultSchema>;

const signedSchema = z.object({
  reference: z.string(),
  digest: z.string(),
  signature: z.object({
    digest: z.string(),
    profileVersion: z.string().optional(),
    job: z.string().optional(),
    signingTime: z.string().optional(),
    expiry: z.string().optional(),
  }),
});

export type Signed = z.infer<typeof signedSchema>;

/** What `notation-verifier sign` answers. */
export const signingAnswer = z.union([signedSchema, z.object({ error: faultSchema })]);

/** A signature that was made, as one JSON document. `tag` is the one that was resolved. */
export function signedJson({ reference, digest, signature }: Signed, tag: string | undefined): string {
  return JSON.stringify({
    reference,
    digest,
    tag: tag ?? null,
    signature: signatureJson(signature),
  });
}

/** A signature that was made, as a few lines, for people. */
export function signedText({ reference, signature }: Signed): string {
  const rows: (readonly [string, string])[] = [
    ["signature", signature.digest],
    ["signed by", signature.profileVersion ?? "(unknown)"],
    ["job", signature.job ?? "(unknown)"],
    ["signed at", signature.signingTime ?? "(unknown)"],
    ["expires", signature.expiry ?? "never"],
  ];
  return [`SIGNED ${reference}`, ...rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`)].join("\n");
}
