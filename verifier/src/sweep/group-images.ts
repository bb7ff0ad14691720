import { createHash } from "node:crypto";
import { repositoryOf } from "../../../trust/reference";
import type { Subject } from "../verification/subject";

/** A container of a running task. */
export interface RunningContainer {
  readonly taskArn: string;
  readonly clusterArn: string;
  /** `service:<name>` or `family:<family>`. */
  readonly group?: string;
  readonly subject: Subject;
}

/** The containers that run the same image: they have one verdict. */
export interface ImageGroup {
  /** What is judged: that of the first container. */
  readonly subject: Subject;
  /** `registry/repository`; undefined for a container without a valid reference. */
  readonly repository?: string;
  /** At least one. */
  readonly containers: readonly RunningContainer[];
}

/**
 * Groups containers by repository and digest, so that each is judged once. Names of one registry are kept apart, because a
 * trust document may list one and not the other. What has no digest is grouped by all that is known of it.
 */
export function groupImages(containers: Iterable<RunningContainer>): readonly ImageGroup[] {
  const groups = new Map<string, { readonly group: ImageGroup; readonly containers: RunningContainer[] }>();
  for (const container of containers) {
    const { subject } = container;
    const repository = subject.kind === "image" && subject.image ? repositoryOf(subject.image) : undefined;
    const key = keyOf(subject, repository);
    const known = groups.get(key);
    if (known !== undefined) {
      known.containers.push(container);
      continue;
    }
    const members = [container];
    const group = { subject, ...(repository === undefined ? {} : { repository }), containers: members };
    groups.set(key, { group, containers: members });
  }
  return [...groups.values()].map(({ group }) => group);
}

/** What tells an image from others, whatever the run: a hash, since others choose the parts and their length. */
export function imageKey(subject: Subject): string {
  const repository = subject.kind === "image" && subject.image ? repositoryOf(subject.image) : undefined;
  return createHash("sha256").update(keyOf(subject, repository)).digest("hex");
}

function keyOf(subject: Subject, repository: string | undefined): string {
  if (subject.kind !== "image") {
    return JSON.stringify([subject.kind, subject.digest, subject.kind === "undetermined" ? subject.error : ""]);
  }
  const { image, digest, oddDigest, basis } = subject;
  if (repository !== undefined && digest !== undefined) return `${repository}@${digest}`;
  return JSON.stringify([subject.kind, image, digest, oddDigest, basis]);
}
