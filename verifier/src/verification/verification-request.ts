import type { Statement } from "../../../trust/document";
import { parseEcrHost } from "../../../trust/partition";
import { type ImageReference, repositoryName } from "../../../trust/reference";
import { toRegistry } from "../../../trust/repository-entry";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { SignatureSource, VerificationRequest } from "../notation/protocol";
import type { Logins } from "./logins";
import { findNotBefore } from "./valid-until";

/** What a verification asks beside the image and its statement. */
export interface RequestOptions {
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  readonly deadlineMs: number;
  readonly maxSignatures?: number;
}

/** The request to the notation process for one image, with what its statement demands. */
export function toRequest(
  image: ImageReference,
  statement: Pick<Statement, "require" | "signaturesFrom" | "signedAfter" | "maxAgeDays">,
  logins: Logins,
  { now, deadlineMs, maxSignatures }: RequestOptions,
): VerificationRequest {
  return withoutUndefined({
    reference: unambiguous(image),
    deadlineMs,
    credentials: logins.beside,
    ecr: isEcr(image.registry),
    maxSignatures,
    require: statement.require,
    notBefore: findNotBefore(statement, now()),
    elsewhere: toElsewhere(statement, logins),
  });
}

/** Without its login the other repository is not asked. */
function toElsewhere(
  { signaturesFrom }: Pick<Statement, "signaturesFrom">,
  logins: Logins,
): SignatureSource | undefined {
  if (signaturesFrom === undefined || "error" in logins) return undefined;
  return withoutUndefined({
    repository: signaturesFrom,
    credentials: logins.elsewhere,
    ecr: isEcr(toRegistry(signaturesFrom)),
  });
}

function isEcr(registry: string): true | undefined {
  return parseEcrHost(registry) === undefined ? undefined : true;
}

/** The digest, if there is one, without the tag. */
function unambiguous({ registry, repository, tag, digest }: ImageReference): string {
  const name = repositoryName({ registry, repository });
  return digest === undefined ? `${name}:${tag ?? "latest"}` : `${name}@${digest}`;
}
