import * as z from "zod";
import type { Requirement } from "../../../trust/signers";

/**
 * What the notation process (`verifier/notation`) reads and writes: one JSON object per line. `protocol.go` explains
 * each field.
 */

/** One step in verifying a signature, in the order in which the steps run. */
export const CHECKS = [
  "fetch",
  "target",
  "integrity",
  "plugin",
  "trust-store",
  "expiry",
  "signing-time",
  "identity",
  "age",
  "attributes",
  "revocation",
] as const;

export type Check = (typeof CHECKS)[number];

/** Parts of the work that can fail as a whole. */
export const STAGES = [
  "request",
  "policy",
  "resolve",
  "list",
  "elsewhere",
  "verify",
  "inspect",
  "sign",
  "push",
] as const;

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

/** A fault, and where it happened. */
export const faultSchema = z.object({
  /** `process` is set on this side: the process could not be asked. */
  stage: z.enum([...STAGES, "process"]).optional(),
  /** `crashed` is set on this side, too. */
  kind: z.enum([...FAULT_KINDS, "crashed"]),
  status: z.number().optional(),
  detail: z.string(),
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault["kind"];

export const signatureFactSchema = z.object({
  digest: z.string(),
  valid: z.boolean(),
  remembered: z.boolean().optional(),
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

/** The facts about one image. `verdictOf` turns them into a status and a reason code. */
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

/** The versions of the verifying components, for diagnostics. */
export type NotationVersions = Omit<Extract<z.infer<typeof readySchema>, { ready: true }>, "ready">;

/** Credentials for a registry; must never be logged. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** Host of the token server of the registry, if it is another host. */
  readonly tokenServer?: string;
  /** Takes the place of the password at the token server (OAuth 2 refresh token). */
  readonly identityToken?: string;
}

/** One image to verify. */
export interface VerificationRequest {
  /** `registry/repository` with a tag or a digest. */
  readonly reference: string;
  /** For the reference's registry only. */
  readonly credentials?: RegistryCredentials;
  /** The registry belongs to Amazon ECR: AWS's error text says which policy caused a refusal. */
  readonly ecr?: boolean;
  /** Time limit for the answer, in milliseconds. */
  readonly deadlineMs: number;
  /** The maximum number of signatures tried. Default 50. */
  readonly maxSignatures?: number;
  /** The signers that the statement requires. Default: one valid signature is enough. */
  readonly require?: readonly Requirement[];
  /** Signatures made earlier are refused. */
  readonly notBefore?: string;
  /** Digests of signature manifests that decided earlier: tried first, outside the limits. */
  readonly remembered?: readonly string[];
  /** Such digests follow: `verify` sends them. */
  readonly awaitsRemembered?: boolean;
  /** Read if the signatures beside the image are not enough. */
  readonly elsewhere?: SignatureSource;
}

/** A repository with signatures of images of another repository. */
export interface SignatureSource {
  /** `registry/repository`. */
  readonly repository: string;
  /** For its registry only. */
  readonly credentials?: RegistryCredentials;
  readonly ecr?: boolean;
}
