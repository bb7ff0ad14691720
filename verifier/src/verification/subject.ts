import { ReferenceInvalidError, readReference } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";

/**
 * Where the digest to judge comes from:
 * - `reported`: ECS says what it pulled. This wins over whatever the reference says.
 * - `reference`: the reference has one, and ECS has not reported any.
 * - `tag`: there is none yet; a verdict through the tag is provisional.
 * - `unreported`: there is none and the container has been started, or ECS reports one that is none; denied as
 *   `digest-unreported`, unless the reference is not even valid.
 */
export type DigestBasis = "reported" | "reference" | "tag" | "unreported";

/** A container whose image has to be judged. Without `image` there is no reference, so it is `reference-invalid`. */
export interface ImageSubject {
  readonly kind: "image";
  readonly container: string;
  readonly image?: string;
  readonly digest?: string;
  /** What ECS reports in place of a digest, as JSON. */
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
 * A container that looks added by AWS, while the task definition could not be asked. Neither exempt (whoever writes
 * task definitions could choose such a name) nor denied (the fault is ours): inconclusive, to be tried again.
 */
export interface UndeterminedSubject {
  readonly kind: "undetermined";
  readonly container: string;
  readonly digest?: string;
  readonly error: string;
}

export type Subject = ImageSubject | AwsInjectedSubject | UndeterminedSubject;

/** What is known of a container whose image is to be judged. */
export interface ReportedContainer {
  readonly container: string;
  readonly image?: string | undefined;
  /** The digest that runs, as it was reported. */
  readonly digest?: string | undefined;
  /** What was reported in place of a digest, as JSON. */
  readonly oddDigest?: string | undefined;
  /** Whether it runs or has run: from then on a digest is expected. */
  readonly hasStarted: boolean;
}

/** The subject of a container, with where its digest comes from. */
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

/** An invalid reference has no digest; it is denied for itself later on. */
function digestInReference(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const reference = readReference(image);
  return reference instanceof ReferenceInvalidError ? undefined : reference.digest;
}
