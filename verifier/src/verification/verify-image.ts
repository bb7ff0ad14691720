import { applicableStatement } from "../../../trust/derive";
import type { Statement } from "../../../trust/document";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { type ImageReference, repositoryName } from "../../../trust/reference";
import type { Notation } from "../notation/serve";
import { awaitManagedSigning, type Verified } from "./await-managed-signing";
import { type Judgement, judgeFacts } from "./judge-facts";
import { findLogins, renewLogins } from "./logins";
import type { CredentialsFor } from "./registry/ecr-credentials";
import type { AskManagedSigning } from "./registry/managed-signing";
import { type SignatureMemory, updateMemory } from "./signature-memory";
import { toStatus } from "./verdict";
import { toRequest } from "./verification-request";

export interface VerifyOptions {
  readonly trust: ResolvedTrustDocument;
  readonly notation: Pick<Notation, "verify">;
  /** Credentials for a registry host, if it needs any. May reject with RegistryCredentialsError. */
  readonly credentialsFor: CredentialsFor;
  /** Asks ECR's managed signing about an image that lacks signatures. Default: ECR is not asked. */
  readonly askManagedSigning?: AskManagedSigning;
  /** Default: no signature is remembered. */
  readonly memory?: SignatureMemory;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Time limit of one verification, in milliseconds. */
  readonly deadlineMs: number;
  /** The maximum number of signatures tried per image. Default 50. */
  readonly maxSignatures?: number;
}

/** No image can meet it; the notation process says that no statement applies. */
const NO_STATEMENT: Pick<Statement, "identities" | "signaturesFrom"> = { identities: [] };

/**
 * Verifies one image with notation; the signatures that decided earlier are tried first. What does not end in trust is tried
 * again where that may help: with a newer login, and after ECR's managed signing, which signs after the push. All steps
 * share one deadline.
 *
 * @throws RegistryCredentialsError
 */
export async function verifyImage(reference: ImageReference, options: VerifyOptions): Promise<Judgement> {
  // What a tag leads to is not known yet.
  const known = options.memory === undefined ? undefined : reference.digest;
  const recalled = known === undefined ? undefined : recall(reference, known, options);
  const verified = await verifyByStatement(reference, recalled, options);
  const { digest, code, counted = [] } = verified.judgement;
  if (code === "signature-valid" && digest !== undefined && options.memory !== undefined) {
    const before = await (recalled ?? recall(reference, digest, options));
    const signatures = updateMemory(
      before,
      verified.facts.signatures,
      counted.map((one) => one.digest),
    );
    await options.memory.remember({ repository: repositoryName(reference), digest }, signatures);
  }
  return verified.judgement;
}

async function verifyByStatement(
  reference: ImageReference,
  recalled: Promise<readonly string[]> | undefined,
  options: VerifyOptions,
): Promise<Verified> {
  const statement = applicableStatement(options.trust, reference) ?? NO_STATEMENT;
  let logins = await findLogins(reference, statement, options.credentialsFor);
  const startedAt = options.now();
  // If the clock is set back, the time must not become longer.
  const timeLeftMs = () => options.deadlineMs - Math.max(0, options.now() - startedAt);
  const verify = async (image: ImageReference, remembered = recalled): Promise<Verified> => {
    const request = toRequest(image, statement, logins, { ...options, deadlineMs: timeLeftMs() });
    const facts = await options.notation.verify(request, remembered);
    return { facts, judgement: judgeFacts(facts, statement) };
  };

  let verified = await verify(reference);
  if (verified.judgement.code === "registry-access-denied") {
    const renewed = await renewLogins(reference, statement, logins, options.credentialsFor);
    if (renewed !== undefined && timeLeftMs() > 0) {
      logins = renewed;
      verified = await verify(reference);
    }
  }
  const { digest } = verified.judgement;
  if (digest === undefined || isTrusted(verified)) return verified;
  const exact = { ...reference, digest };
  if (recalled === undefined && options.memory !== undefined) {
    const remembered = await recall(reference, digest, options);
    // What the tag led to is denied: an answer that says nothing must not take the place of the denial.
    const again =
      remembered.length === 0 || timeLeftMs() <= 0 ? undefined : await verify(exact, Promise.resolve(remembered));
    if (again !== undefined && toStatus(again.judgement.code) !== "inconclusive") verified = again;
    if (isTrusted(verified)) return verified;
  }
  if ("error" in logins) {
    return { ...verified, judgement: { code: logins.error.code, detail: logins.error.message, digest } };
  }
  return awaitManagedSigning(verified, { exact, statement, timeLeftMs, verify, ask: options.askManagedSigning });
}

function isTrusted({ judgement }: Verified): boolean {
  return judgement.code === "signature-valid";
}

async function recall(
  image: ImageReference,
  digest: string,
  { memory }: Pick<VerifyOptions, "memory">,
): Promise<readonly string[]> {
  return (await memory?.recall({ repository: repositoryName(image), digest })) ?? [];
}
