import * as z from "zod";

/**
 * What the notation process (`verifier/notation`) reads and writes: one JSON object a line. The meaning of each field
 * stands in its `protocol.go`.
 */

/** One step of the verification of a signature, in the order in which they are made. */
export const CHECKS = [
  "fetch",
  "target",
  "integrity",
  "plugin",
  "trust-store",
  "expiry",
  "signing-time",
  "identity",
  "attributes",
  "revocation",
] as const;

export type Check = (typeof CHECKS)[number];

/** Parts of the work that can fail as a whole. */
export const STAGES = ["request", "policy", "resolve", "list", "verify", "inspect", "sign", "push"] as const;

/** Kinds of faults. */
export const FAULT_KINDS = [
  "refused",
  "revoked",
  "rejected",
  "not-found",
  "too-large",
  "access-denied",
  "login-required",
  "repository-denied",
  "over-limit",
  "unavailable",
  "deadline",
  "misconfigured",
  "no-statement",
] as const;

/** Something that went wrong, and where. */
export const faultSchema = z.object({
  /** `process` is this side's: the process could not be asked. */
  stage: z.enum([...STAGES, "process"]).optional(),
  /** `crashed` is this side's, too. */
  kind: z.enum([...FAULT_KINDS, "crashed"]),
  status: z.number().optional(),
  detail: z.string(),
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault["kind"];

export const signatureFactSchema = z.object({
  digest: z.string(),
  valid: z.boolean(),
  check: z.enum(CHECKS).optional(),
  fault: faultSchema.optional(),
  profileVersion: z.string().optional(),
  job: z.string().optional(),
  signingTime: z.string().optional(),
  expiry: z.string().optional(),
});

export type SignatureFact = z.infer<typeof signatureFactSchema>;

export const resultSchema = z.object({
  id: z.string(),
  reference: z.string(),
  digest: z.string().optional(),
  mediaType: z.string().optional(),
  size: z.number().optional(),
  outcome: z.enum(["verified", "not-verified", "no-signatures", "too-many-signatures", "failed"]),
  signatures: z.array(signatureFactSchema),
  pages: z.number(),
  error: faultSchema.optional(),
});

export type VerificationResult = z.infer<typeof resultSchema>;

/** What was found out about one image: facts, of which `verdictOf` makes a status and a reason code. */
export type VerificationFacts = Omit<VerificationResult, "id">;

/** The first line of `serve`. */
export const readySchema = z.discriminatedUnion("ready", [
  z.object({
    ready: z.literal(true),
    verifier: z.string(),
    notationGo: z.string(),
    orasGo: z.string(),
    go: z.string(),
    plugin: z.object({ name: z.string(), version: z.string() }),
  }),
  z.object({ ready: z.literal(false), file: z.string().optional(), detail: z.string() }),
]);

/** The versions of what verifies, for diagnostics. */
export type NotationVersions = Omit<Extract<z.infer<typeof readySchema>, { ready: true }>, "ready">;

/** What a registry is told; never to be logged. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** Host of the server that gives tokens for the registry, if it is not the registry's own. */
  readonly tokenServer?: string;
}

/** One image to verify. */
export interface VerificationRequest {
  /** `registry/repository` with a tag or a digest. */
  readonly reference: string;
  /** For the reference's registry only. */
  readonly credentials?: RegistryCredentials;
  /** The registry is one of Amazon ECR's: AWS's text says which policy is behind a refusal. */
  readonly ecr?: boolean;
  /** How long the answer may take, in milliseconds. */
  readonly deadlineMs: number;
  /** How many signatures are tried. Default 50. */
  readonly maxSignatures?: number;
}
