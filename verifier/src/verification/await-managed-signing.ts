import type { Statement } from "../../../trust/document";
import type { ImageReference } from "../../../trust/reference";
import { toRegistry } from "../../../trust/repository-entry";
import type { VerificationFacts } from "../notation/protocol";
import type { Judgement } from "./judge-facts";
import { isSignedMeanwhile, isUnsigned, judgeUnsigned } from "./judge-unsigned";
import type { AskManagedSigning } from "./registry/managed-signing";

/** One run of the notation process, and what follows from it. */
export interface Verified {
  readonly facts: VerificationFacts;
  readonly judgement: Judgement;
}

/** What the wait for ECR's managed signing needs. */
export interface SigningQuestion {
  /** By digest. */
  readonly exact: ImageReference & { readonly digest: string };
  readonly statement: Pick<Statement, "identities" | "require" | "signaturesFrom">;
  readonly timeLeftMs: () => number;
  readonly verify: (image: ImageReference) => Promise<Verified>;
  /** Default: ECR is not asked. */
  readonly ask: AskManagedSigning | undefined;
}

/**
 * Asks ECR's managed signing about an image that lacks signatures, and verifies once more if it has signed meanwhile. The
 * repository asked about is that of `signaturesFrom`, if the statement has one: ECR signs what is pushed.
 */
export async function awaitManagedSigning(
  verified: Verified,
  { exact, statement, timeLeftMs, verify, ask }: SigningQuestion,
): Promise<Verified> {
  const { facts, judgement } = verified;
  const revoked = facts.signatures.some(({ fault }) => fault?.kind === "revoked");
  if (ask === undefined || !isUnsigned(judgement, revoked)) return verified;
  const answer = await ask({ ...signingRepository(exact, statement), digest: exact.digest }, timeLeftMs());
  if (answer === undefined) return verified;
  if (isSignedMeanwhile(judgement, answer, statement)) {
    const again = await verify(exact);
    // Only a signature that exists by now adds to the registry's earlier answer.
    if (hasMore(again.judgement, judgement)) return again;
  }
  return { facts, judgement: judgeUnsigned(judgement, answer, statement) };
}

function hasMore(again: Judgement, before: Judgement): boolean {
  if (again.code === "signature-valid") return true;
  if (before.code === "no-signature") return again.signature !== undefined;
  return (again.counted?.length ?? 0) > (before.counted?.length ?? 0);
}

function signingRepository(
  { registry, repository }: ImageReference,
  { signaturesFrom }: Pick<Statement, "signaturesFrom">,
): Pick<ImageReference, "registry" | "repository"> {
  if (signaturesFrom === undefined) return { registry, repository };
  const host = toRegistry(signaturesFrom);
  return { registry: host, repository: signaturesFrom.slice(host.length + 1) };
}
