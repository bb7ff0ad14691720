import { ReferenceInvalidError, readReference } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";

/**
 * Where the digest to judge comes from:
 * - `reported`: ECS reports the digest that it pulled. It takes precedence over the reference.
 * - `reference`: the reference has a digest, and ECS has not reported one.
 * - `tag`: there is no digest yet; a verdict through the tag is provisional.
 * - `unreported`: there is no digest although the container has started, or ECS reports an invalid one. Denied as
 *   `digest-unreported`, unless the reference itself is invalid.
 */
export type DigestBasis = "reported" | "reference" | "tag" | "unreported";

/** A container whose image must be judged. Without `image` there is no reference, so it is `reference-invalid`. */
export interface ImageSubject {
  readonly kind: "image";
  readonly container: string;
  readonly image?: string;
  readonly digest?: string;
  /** What ECS reports instead of a digest, as JSON. */
  readonly oddDigest?: string;
  readonly basis: DigestBasis;
}

/** A container that AWS added to the task. */
export interface AwsInjectedSubject {
  readonly kind: "aws-injected";
  readonly container: string;
  readonly digest?: string;
}

/**
 * A container that looks as if AWS added it, while the task definition could not be read. It is not exempt (authors of
 * task definitions could choose such a name) and not denied (the fault is ours): inconclusive, to be retried.
 */
export interface UndeterminedSubject {
  readonly kind: "undetermined";
  readonly container: string;
  readonly digest?: string;
  readonly error: string;
}

export type Subject = ImageSubject | AwsInjectedSubject | UndeterminedSubject;

/** The facts about a container whose image must be judged. */
export interface ReportedContainer {
  readonly container: string;
  readonly image?: string | undefined;
  /** The running digest, as it was reported. */
  readonly digest?: string | undefined;
  /** What was reported instead of a digest, as JSON. */
  readonly oddDigest?: string | undefined;
  /** Whether it runs or has run: from then on a digest is expected. */
  readonly hasStarted: boolean;
}

/** The subject of a container, with the source of its digest. */
export function imageSubject({ container, image, digest, oddDigest, hasStarted }: ReportedContainer): ImageSubject {
  const subject = { kind: "image", container, ...withoutUndefined({ image }) } as const;
  if (digest !== undefined) return { ...subject, digest, basis: "reported" };
  if (oddDigest !== undefined) return { ...subject, oddDigest, basis: "unreported" };
  const own = digestInReference(image);
  if (own !== undefined) return { ...subject, digest: own, basis: "reference" };
  return { ...subject, basis: hasStarted ? "unreported" : "tag" };
}

/** The subject of a reference alone, outside ECS. */
export function referenceSubject(reference: string): ImageSubject {
  return imageSubject({ container: "image", image: reference, hasStarted: false });
}

/** An invalid reference has no digest; it is denied later for being invalid. */
export function digestInReference(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const reference = readReference(image);
  return reference instanceof ReferenceInvalidError ? undefined : reference.digest;
}
