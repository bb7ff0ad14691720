import { applicableStatement, isRegistryAllowed } from "../../../trust/derive";
import { findExemption } from "../../../trust/exemption";
import {
  formatReference,
  type ImageReference,
  ReferenceInvalidError,
  readReference,
  repositoryName,
} from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Judgement } from "./judge-facts";
import type { ImageSubject, Subject } from "./subject";
import type { VerifyOptions } from "./verify-image";

/** A judgement with its subject. */
export interface Judged extends Judgement {
  readonly reference: string;
  readonly provisional?: boolean;
}

/** What decides by name. */
export type NameOptions = Pick<VerifyOptions, "trust" | "now">;

/** A judgement, or the image whose signatures decide. */
export type NameDecision = { readonly judged: Judged } | { readonly reference: ImageReference };

/**
 * Decides what needs no signature and no network: added by AWS? exempted? reference valid, registry allowed, statement
 * found?
 */
export function decideByName(subject: Subject, options: NameOptions): NameDecision {
  if (subject.kind === "aws-injected") return { judged: injected(subject.container, subject.digest) };
  if (subject.kind === "undetermined") return { judged: undetermined(subject.container, subject.error) };

  const parsed = parse(subject.image);
  if ("code" in parsed) return { judged: parsed };
  const reference = withDigest(parsed, subject.digest);
  const judged = decideReference(subject, reference, options);
  return judged === undefined ? { reference } : { judged };
}

function injected(container: string, digest: string | undefined): Judged {
  const detail = `AWS added the container ${container} to the task; the task definition does not have it`;
  return withoutUndefined({ code: "aws-injected", detail, reference: "", digest });
}

function undetermined(container: string, error: string): Judged {
  const detail = `could not find out whether AWS added the container ${container}: ${error}`;
  return { code: "verifier-failed", detail, reference: "" };
}

function parse(image: string | undefined): ImageReference | Judged {
  if (image === undefined) {
    return { code: "reference-invalid", detail: "ECS reports no image for this container", reference: "" };
  }
  const reference = readReference(image);
  if (!(reference instanceof ReferenceInvalidError)) return reference;
  return { code: "reference-invalid", detail: reference.message, reference: image };
}

/** The digest to judge replaces that of the reference. */
function withDigest(reference: ImageReference, digest: string | undefined): ImageReference {
  return digest === undefined ? reference : { ...reference, digest };
}

function decideReference(
  { basis, oddDigest }: ImageSubject,
  reference: ImageReference,
  { trust, now }: NameOptions,
): Judged | undefined {
  const about = withoutUndefined({
    reference: formatReference(reference),
    digest: reference.digest,
  });
  if (oddDigest !== undefined) {
    const detail = `ECS reports the digest ${oddDigest}, which is not a SHA-256 or SHA-512 digest`;
    // Not the reference's digest: a different one may be running.
    return { code: "digest-unreported", detail, reference: about.reference };
  }
  const exemption = findExemption(trust, reference, new Date(now()));
  if (exemption !== undefined) {
    const detail = `exempted until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}`;
    return { code: "exempted", detail, ...about };
  }
  if (!isRegistryAllowed(trust, reference)) {
    const detail = `the registry ${reference.registry} is not in the trust document (${trust.registries.join(", ")})`;
    return { code: "registry-not-allowed", detail, ...about };
  }
  if (applicableStatement(trust, reference) === undefined) {
    const detail = `no statement of the trust document covers ${repositoryName(reference)}`;
    return { code: "no-applicable-statement", detail, ...about };
  }
  if (basis === "unreported") {
    const detail = "the container has started, but ECS reports no digest and the reference has none";
    return { code: "digest-unreported", detail, ...about };
  }
  return undefined;
}
