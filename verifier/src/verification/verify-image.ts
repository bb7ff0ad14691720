import { applicableStatement } from "../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { parseEcrHost } from "../../../trust/partition";
import { type ImageReference, repositoryName } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { RegistryCredentials } from "../notation/protocol";
import type { Notation } from "../notation/serve";
import { type Judgement, judgeFacts } from "./judge-facts";
import { isSignedMeanwhile, judgeUnsigned } from "./judge-unsigned";
import { type CredentialsFor, isSameLogin } from "./registry/ecr-credentials";
import type { AskManagedSigning } from "./registry/managed-signing";

export interface VerifyOptions {
  readonly trust: ResolvedTrustDocument;
  readonly notation: Pick<Notation, "verify">;
  /** Credentials for a registry host, if it needs any. May reject with RegistryCredentialsError. */
  readonly credentialsFor: CredentialsFor;
  /** Asks ECR's managed signing about an image without a signature. Default: ECR is not asked. */
  readonly askManagedSigning?: AskManagedSigning;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Time limit of one verification, in milliseconds. */
  readonly deadlineMs: number;
  /** The maximum number of signatures tried per image. Default 50. */
  readonly maxSignatures?: number;
}

/**
 * Verifies one image with notation. Only if the registry lists no signature, asks ECR's managed signing, which signs
 * after the push. If the registry refuses our login and a newer one exists, verifies the image once more with that. All
 * steps share one deadline.
 *
 * @throws RegistryCredentialsError
 */
export async function verifyImage(reference: ImageReference, options: VerifyOptions): Promise<Judgement> {
  let credentials = await options.credentialsFor(reference.registry);
  const startedAt = options.now();
  // If the clock is set back, the time must not become longer.
  const timeLeftMs = () => options.deadlineMs - Math.max(0, options.now() - startedAt);
  const verify = async (image: ImageReference): Promise<Judgement> => {
    const facts = await options.notation.verify({
      reference: unambiguous(image),
      deadlineMs: timeLeftMs(),
      ...withoutUndefined({ credentials }),
      ...(parseEcrHost(image.registry) === undefined ? {} : { ecr: true }),
      ...withoutUndefined({ maxSignatures: options.maxSignatures }),
    });
    return judgeFacts(facts);
  };

  let unsigned = await verify(reference);
  const renewed =
    unsigned.code === "registry-access-denied" ? await renewedFor(reference, credentials, options) : undefined;
  if (renewed !== undefined && timeLeftMs() > 0) {
    credentials = renewed;
    unsigned = await verify(reference);
  }
  const { code, digest } = unsigned;
  if (code !== "no-signature" || digest === undefined) return unsigned;
  const { registry, repository } = reference;
  const answer = await options.askManagedSigning?.({ registry, repository, digest }, timeLeftMs());
  if (answer === undefined) return unsigned;
  const identities = applicableStatement(options.trust, reference)?.identities ?? [];
  if (isSignedMeanwhile(answer, identities)) {
    const again = await verify({ ...reference, digest });
    // Only a signature that exists by now adds to the registry's earlier answer.
    if (again.signature !== undefined) return again;
  }
  return judgeUnsigned(unsigned, answer, identities);
}

/** Credentials other than those that the registry refused, if there are any. */
async function renewedFor(
  { registry }: ImageReference,
  refused: RegistryCredentials | undefined,
  { credentialsFor }: VerifyOptions,
): Promise<RegistryCredentials | undefined> {
  if (refused === undefined) return undefined;
  const found = await credentialsFor(registry, refused);
  return found === undefined || isSameLogin(found, refused) ? undefined : found;
}

/** The digest, if there is one, without the tag. */
function unambiguous({ registry, repository, tag, digest }: ImageReference): string {
  const name = repositoryName({ registry, repository });
  return digest === undefined ? `${name}:${tag ?? "latest"}` : `${name}@${digest}`;
}
