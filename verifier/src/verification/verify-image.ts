import { applicableStatement } from "../../../trust/derive";
import type { Statement } from "../../../trust/document";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { type ImageReference, repositoryName } from "../../../trust/reference";
import type { SignatureFact, VerificationFacts } from "../notation/protocol";
import type { Notation } from "../notation/serve";
import { type Judgement, judgeFacts } from "./judge-facts";
import { isSignedMeanwhile, isUnsigned, judgeUnsigned } from "./judge-unsigned";
import { findLogins, renewLogins } from "./logins";
import type { CredentialsFor } from "./registry/ecr-credentials";
import type { AskManagedSigning } from "./registry/managed-signing";
import type { SignatureMemory } from "./signature-memory";
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

/** One run of the notation process, and what follows from it. */
interface Verified {
  readonly facts: VerificationFacts;
  readonly judgement: Judgement;
}

/** No image can meet it; the notation process says that no statement applies. */
const NO_STATEMENT: Pick<Statement, "identities" | "signaturesFrom"> = { identities: [] };

/**
 * Verifies one image with notation. What does not end in trust is tried again where that may help: with a newer login, with
 * the signatures that decided earlier, and after ECR's managed signing, which signs after the push. All steps share one
 * deadline.
 *
 * @throws RegistryCredentialsError
 */
export async function verifyImage(reference: ImageReference, options: VerifyOptions): Promise<Judgement> {
  const statement = applicableStatement(options.trust, reference) ?? NO_STATEMENT;
  let logins = await findLogins(reference, statement, options.credentialsFor);
  const startedAt = options.now();
  // If the clock is set back, the time must not become longer.
  const timeLeftMs = () => options.deadlineMs - Math.max(0, options.now() - startedAt);
  const verify = async (image: ImageReference, remembered: readonly string[] = []): Promise<Verified> => {
    const request = toRequest(image, statement, logins, { ...options, remembered, deadlineMs: timeLeftMs() });
    const facts = await options.notation.verify(request);
    return { facts, judgement: judgeFacts(facts, statement) };
  };

  // In parallel: an image that was never trusted must not be denied later because of it.
  const recalled = reference.digest === undefined ? undefined : recall(reference, reference.digest, options);
  let verified = await verify(reference);
  if (verified.judgement.code === "registry-access-denied") {
    const renewed = await renewLogins(reference, statement, logins, options.credentialsFor);
    if (renewed !== undefined && timeLeftMs() > 0) {
      logins = renewed;
      verified = await verify(reference);
    }
  }
  const { digest } = verified.judgement;
  if (digest === undefined) return verified.judgement;

  const exact = { ...reference, digest };
  if (!isTrusted(verified)) {
    const remembered = untried((await recalled) ?? (await recall(reference, digest, options)), verified.facts);
    if (remembered.length > 0 && timeLeftMs() > 0) verified = await verify(exact, remembered);
  }
  if (isTrusted(verified)) {
    const signatures = (verified.judgement.counted ?? []).map((signature) => signature.digest);
    await options.memory?.remember({ repository: repositoryName(reference), digest }, signatures);
    return verified.judgement;
  }
  if ("error" in logins) return { code: logins.error.code, detail: logins.error.message, digest };
  return awaitManagedSigning(verified, { exact, statement, timeLeftMs, verify, options });
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

/** Remembered signatures that were not tried to the end. */
function untried(remembered: readonly string[], { signatures }: VerificationFacts): readonly string[] {
  const isTried = ({ check, fault }: SignatureFact) =>
    check !== "fetch" && fault?.kind !== "over-limit" && fault?.kind !== "deadline";
  return remembered.filter((digest) => !signatures.some((one) => one.digest === digest && isTried(one)));
}

interface Waiting {
  /** By digest. */
  readonly exact: ImageReference & { readonly digest: string };
  readonly statement: Pick<Statement, "identities" | "require" | "signaturesFrom">;
  readonly timeLeftMs: () => number;
  readonly verify: (image: ImageReference) => Promise<Verified>;
  readonly options: Pick<VerifyOptions, "askManagedSigning">;
}

async function awaitManagedSigning(
  { facts, judgement }: Verified,
  { exact, statement, timeLeftMs, verify, options }: Waiting,
): Promise<Judgement> {
  if (
    !isUnsigned(
      judgement,
      facts.signatures.some(({ fault }) => fault?.kind === "revoked"),
    )
  )
    return judgement;
  const { registry, repository } = signingRepository(exact, statement);
  const answer = await options.askManagedSigning?.({ registry, repository, digest: exact.digest }, timeLeftMs());
  if (answer === undefined) return judgement;
  if (isSignedMeanwhile(judgement, answer, statement)) {
    const again = await verify(exact);
    // Only a signature that exists by now adds to the registry's earlier answer.
    if (hasMore(again.judgement, judgement)) return again.judgement;
  }
  return judgeUnsigned(judgement, answer, statement);
}

function hasMore(again: Judgement, before: Judgement): boolean {
  if (again.code === "signature-valid") return true;
  if (before.code === "no-signature") return again.signature !== undefined;
  return (again.counted?.length ?? 0) > (before.counted?.length ?? 0);
}

/** Where ECR signs: in the repository from which the image was copied, if the statement names it. */
function signingRepository(
  { registry, repository }: ImageReference,
  { signaturesFrom }: Pick<Statement, "signaturesFrom">,
): Pick<ImageReference, "registry" | "repository"> {
  if (signaturesFrom === undefined) return { registry, repository };
  const slash = signaturesFrom.indexOf("/");
  return { registry: signaturesFrom.slice(0, slash), repository: signaturesFrom.slice(slash + 1) };
}
